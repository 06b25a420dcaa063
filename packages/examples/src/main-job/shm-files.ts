// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { existsSync, readFileSync } from 'node:fs';

/** The files in /dev/shm that this process has mapped now; on Linux only. */
export function mappedShmFiles(): string[] {
  if (process.platform !== 'linux') return [];
  const maps = readFileSync('/proc/self/maps', 'utf8');
  return [...new Set(maps.match(/\/dev\/shm\/\S+\.zenoh/g) ?? [])];
}

export function leftOver(files: readonly string[]): string[] {
  return files.filter((file) => existsSync(file));
}
