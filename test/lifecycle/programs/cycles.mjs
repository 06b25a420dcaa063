// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Does one thing over and over, and tells what memory, threads and descriptors were after a warm-up and at the end.
import { once } from 'node:events';
import { CongestionControl } from '@zenoh-segments/core';
import { WebSocket } from 'ws';
import { openSession, settled } from './common.mjs';

const [what, warmUp, cycles] = process.argv.slice(2);

const open = {
  async setUp() {},
  async cycle(i) {
    const session = await openSession();
    // Left to the end of the session, now and then: zenoh keeps a session whose publishers outlive it.
    if (i % 16 === 0) {
      await session.declarePublisher('cycles', { congestionControl: CongestionControl.BLOCK });
      await session.declareQuerier('cycles');
    }
    await session.close();
  },
  async tearDown() {},
};

let session;
const subscribe = {
  async setUp() {
    session = await openSession();
  },
  async cycle(i) {
    const subscriber = await session.declareSubscriber(`cycles/${i % 16}`);
    await subscriber.undeclare();
  },
  async tearDown() {
    await session.close();
  },
};

/** Each cycle has two clients, of which one declares something, and is there until the server ends. */
const serve = {
  async setUp() {},
  async cycle() {
    const session = await openSession({}, { serve: { websocket: 'ws/127.0.0.1:0' } });
    const clients = await Promise.all([1, 2].map(() => websocket(session.websocketServer.url)));
    for (const declaration of [SUBSCRIBE, PUBLISH, ASK]) {
      clients[0].send(declaration);
      await once(clients[0], 'message');
    }
    clients[1].close();
    await Promise.all([session.close(), ...clients.map((client) => once(client, 'close'))]);
  },
  async tearDown() {},
};

/** Declarations of a subscriber, a publisher and a querier of `k`, as number 1; to be answered. */
const SUBSCRIBE = Buffer.from([0x82, 0, 0, 0, 0, 1, 0, 0, 0, 1, 107, 2]);
const PUBLISH = Buffer.from([0x80, 0, 0, 0, 0, 1, 0, 0, 0, 1, 107, 0, 0, 0, 5 | 128]);
const ASK = Buffer.from([0x86, 0, 0, 0, 0, 1, 0, 0, 0, 1, 107, 5 | 128, 0, 0, 1, 0, 0]);

async function websocket(url) {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  return socket;
}

const { setUp, cycle, tearDown } = { open, subscribe, serve }[what];

await setUp();
for (let i = 0; i < Number(warmUp); i++) await cycle(i);
const before = await settled();
const started = performance.now();
for (let i = 0; i < Number(cycles); i++) await cycle(i);
const took = performance.now() - started;
const after = await settled(before);
await tearDown();
console.log(`result ${JSON.stringify({ before, after, took })} end`);
