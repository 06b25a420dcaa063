// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { setImmediate } from 'node:timers/promises';

/** Sends in a row before the event loop gets its turn: a loop of resolved promises starves sockets and finalizers. */
const BURST = 256;

/**
 * Sends `count` messages one after the other.
 *
 * @param {number} count
 * @param {(number: number) => Promise<unknown>} send
 */
export async function sendAll(count, send) {
  for (let number = 0; number < count; number++) {
    await send(number);
    if (number % BURST === BURST - 1) await setImmediate();
  }
}
