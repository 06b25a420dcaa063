// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// zeromq.js, PUSH to PULL: the pair of its sockets that waits instead of dropping.
import { Pair, Pull, Push } from 'zeromq';
import { peerArguments, serve, total } from './commands.mjs';
import { Pinger } from './pinger.mjs';
import { servePublisher } from './publishing.mjs';
import { Tally } from './tally.mjs';

const { role, size, place } = peerArguments();
/** Messages queued at each end: ZeroMQ's default, or 64 MiB as our subscriber's queue holds by default. */
const highWaterMark = Math.max(2, Math.min(1000, Math.floor((64 << 20) / size)));

async function publish() {
  const socket = new Push({ sendHighWaterMark: highWaterMark, linger: 0 });
  socket.connect(place);
  const payload = Buffer.alloc(size, 7);
  await servePublisher({ probe: () => socket.send('?'), send: () => socket.send(payload) });
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
  await tally.serve(() => ({ touched }));
  socket.close();
  await receiving;
}

/** PAIR is the socket for one partner, both ways. */
async function ping() {
  const socket = new Pair({ linger: 0 });
  socket.connect(place);
  const payload = Buffer.alloc(size, 7);
  const pinger = new Pinger({ probe: () => socket.send('?'), send: () => socket.send(payload), size, shm: false });
  const receiving = (async () => {
    for await (const [message] of socket) pinger.returned(message?.length ?? 0);
  })();
  await pinger.serve();
  socket.close();
  await receiving;
}

async function echo() {
  const socket = new Pair({ linger: 0 });
  await socket.bind(place);
  let count = 0;
  const echoing = (async () => {
    for await (const message of socket) {
      count++;
      await socket.send(message);
    }
  })();
  await serve({});
  total({ count });
  socket.close();
  await echoing;
}

const roles = { publisher: publish, subscriber: subscribe, ping, echo };
await roles[role]();
