// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { existsSync, statSync } from 'node:fs';
import type { Finding } from './finding.js';

const SYNCHRONIZED = '/run/systemd/timesync/synchronized';
const DAY_MS = 86_400_000;

/**
 * zenoh's timestamps are of the system's clock: one that is behind or ahead puts samples of several machines in a wrong
 * order, and makes routers refuse those of the future.
 */
export function checkClock(): Finding {
  const now = Date.now();
  const written = statSync(new URL(import.meta.url)).mtimeMs;
  const time = new Date(now).toISOString();
  const facts = { time, synchronized: existsSync(SYNCHRONIZED) ? true : null };
  if (now + DAY_MS < written) {
    return {
      check: 'clock',
      status: 'warning',
      text: `it is ${time} by the system's clock, before this program was installed`,
      advice: 'set the clock, or switch time synchronization on (timedatectl set-ntp true)',
      facts,
    };
  }
  const synchronized =
    facts.synchronized === true ? 'synchronized by systemd' : 'whether it is synchronized is not known';
  return { check: 'clock', status: 'ok', text: `${time}, ${synchronized}`, facts };
}
