// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readFileSync } from 'node:fs';
import { arch, platform } from 'node:process';

/** Whether this very process runs on musl: its loader is mapped then. A machine may have both C libraries. */
function onMusl(): boolean {
  try {
    return readFileSync('/proc/self/maps', 'utf8').includes('/ld-musl-');
  } catch {
    // No /proc, or a runtime that may not read it: glibc is what most have.
    return false;
  }
}

/** What an addon must have been built for to fit here, as the packages with addons are named: `linux-x64-gnu`. */
export function platformName(): string {
  if (platform !== 'linux') return `${platform}-${arch}`;
  return `linux-${arch}-${onMusl() ? 'musl' : 'gnu'}`;
}
