// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { setImmediate } from 'node:timers/promises';
import { serve, total } from './commands.mjs';

/** Sends in a row before the event loop gets its turn: a loop of resolved promises starves sockets and finalizers. */
const BURST = 256;

/**
 * A publisher's side of the protocol, until `quit`.
 *
 * @param {object} publisher
 * @param {() => unknown} publisher.probe sends a single byte
 * @param {(number: number) => Promise<unknown>} publisher.send sends one message
 * @param {() => object} [publisher.more] what `total` tells besides the count
 */
export async function servePublisher({ probe, send, more = () => ({}) }) {
  let sent = 0;
  await serve({
    probe,
    send: async (count) => {
      for (let number = 0; number < count; number++) {
        await send(number);
        if (number % BURST === BURST - 1) await setImmediate();
      }
      sent += count;
    },
  });
  total({ count: sent, ...more() });
}
