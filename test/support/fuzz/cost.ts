// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readFileSync } from 'node:fs';

export const MEBIBYTE = 1024 * 1024;

/** What reading a received payload may cost, whatever is in it. */
export const LIMIT_MS = 250;

export function limitBytes(length: number): number {
  return 64 * MEBIBYTE + 16 * length;
}

export interface Cost {
  /** CPU time of all threads of the process: a busy machine does not change it. */
  readonly ms: number;
  /** What the process grew by. */
  readonly bytes: number;
}

/**
 * The most memory that this process had at once. Not `resourceUsage().maxRSS`: there the process begins with what the one
 * that started it had, and hides its own peaks below that.
 */
export function peakBytes(): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  return Number(kib) * 1024;
}

/** What `run`, which must not throw, costs. */
export function costOf<T>(run: () => T): Cost & { readonly result: T } {
  const before = process.memoryUsage();
  const peak = peakBytes();
  const cpu = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(cpu);
  const after = process.memoryUsage();
  const resident = peakBytes();
  // A new peak of the process was made here; without one, what is held now is all there is to see.
  const grown = resident > peak ? resident - before.rss : 0;
  const held = after.heapUsed - before.heapUsed + (after.external - before.external);
  return { result, ms: (user + system) / 1000, bytes: Math.max(grown, held, 0) };
}
