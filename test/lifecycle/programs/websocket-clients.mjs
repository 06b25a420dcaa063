// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Clients of one server come, declare one of everything, and go, every other one without a goodbye: `<warm-up> <clients>`.
import { Session } from '@zenoh-segments/core';
import { Config } from '@zenoh-segments/core/websocket';
import { WebSocket } from 'ws';
import { openSession, settled } from './common.mjs';

const [warmUp, clients] = process.argv.slice(2).map(Number);
const server = await openSession({}, { serve: { websocket: 'ws/127.0.0.1:0' } });
const { locator } = server.websocketServer;

async function come(i) {
  const sockets = [];
  class Watched extends WebSocket {
    constructor(url) {
      super(url);
      sockets.push(this);
    }
  }
  const session = await Session.open(new Config(locator, { WebSocket: Watched, reconnect: false }));
  const publisher = await session.declarePublisher('a');
  await session.declareSubscriber('a', { handler: () => {} });
  await session.declareQueryable('a', { handler: (query) => query.finalize() });
  await session.declareQuerier('a');
  await session.liveliness().declareToken('a');
  await publisher.matchingListener({ handler: () => {} });
  await publisher.put('x');
  if (i % 2 === 0) for (const socket of sockets) socket.terminate();
  await session.close();
}

for (let i = 0; i < warmUp; i++) await come(i);
const before = await settled();
for (let i = 0; i < clients; i++) await come(i);
// The test allows for threads of pools, which stay for a while.
const after = await settled({ ...before, threads: before.threads + 9 });
const { clients: left, accepted } = server.websocketServer.stats();
await server.close();
console.log(`result ${JSON.stringify({ before, after, left, accepted })} end`);
