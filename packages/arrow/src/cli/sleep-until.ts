// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { LONGEST_MS } from '../after.js';

/**
 * Resolves at a moment, however far. Signals and timers get their turn also when it has passed.
 *
 * @param due on the clock of `performance`
 * @throws the signal's `AbortError` while it waits
 */
export async function sleepUntil(due: number, signal: AbortSignal): Promise<void> {
  let left = due - performance.now();
  if (left <= 0) return turn();
  for (; left > 0; left = due - performance.now()) await delay(Math.min(left, LONGEST_MS), undefined, { signal });
}
