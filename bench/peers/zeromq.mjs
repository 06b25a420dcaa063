// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// zeromq.js, PUSH to PULL: the pair of its sockets that waits instead of dropping.
import { Pull, Push } from 'zeromq';
import { peerArguments, say, serve } from './commands.mjs';
import { sendAll } from './pace.mjs';
import { Tally } from './tally.mjs';

const { role, size, place } = peerArguments();
/** Messages queued at each end: ZeroMQ's default, or 64 MiB as our subscriber's queue holds by default. */
const highWaterMark = Math.max(2, Math.min(1000, Math.floor((64 << 20) / size)));

async function publish() {
  const socket = new Push({ sendHighWaterMark: highWaterMark, linger: 0 });
  socket.connect(place);
  const payload = Buffer.alloc(size, 7);
  let sent = 0;
  await serve({
    probe: () => socket.send('?'),
    send: async (count) => {
      await sendAll(count, () => socket.send(payload));
      sent += count;
    },
  });
  say(`total ${JSON.stringify({ count: sent })}`);
  socket.close();
}

async function subscribe() {
  const socket = new Pull({ receiveHighWaterMark: highWaterMark, linger: 0 });
  await socket.bind(place);
  const tally = new Tally();
  let touched = 0;
  const receiving = (async () => {
    for await (const [message] of socket) {
      if (message === undefined) continue;
      touched += message[0] ?? 0;
      tally.receive(message.length);
    }
  })();
  await serve({ expect: (count) => tally.expect(count) });
  tally.total({ touched });
  socket.close();
  await receiving;
}

await (role === 'publisher' ? publish() : subscribe());
