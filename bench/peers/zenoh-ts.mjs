// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// zenoh-ts, through the websocket server that the Rust peer runs as `bridge`.
import { WebSocket } from 'ws';
import { peerArguments } from './commands.mjs';
import { servePublisher } from './publishing.mjs';
import { Tally } from './tally.mjs';

// zenoh-ts wants the browser's, which Node 20 lacks; the same one everywhere, so that versions of Node compare.
Object.assign(globalThis, { WebSocket });
const { Config, CongestionControl, Reliability, Session } = await import('@eclipse-zenoh/zenoh-ts');

const KEY = 'bench/payload';
const { role, size, place } = peerArguments();

/** @param {import('@eclipse-zenoh/zenoh-ts').Session} session */
async function publish(session) {
  const publisher = await session.declarePublisher(KEY, {
    congestionControl: CongestionControl.BLOCK,
    reliability: Reliability.RELIABLE,
  });
  const payload = new Uint8Array(size).fill(7);
  await servePublisher({ probe: () => publisher.put('?'), send: () => publisher.put(payload) });
}

/** @param {import('@eclipse-zenoh/zenoh-ts').Session} session */
async function subscribe(session) {
  const tally = new Tally();
  let touched = 0;
  await session.declareSubscriber(KEY, {
    handler: (/** @type {import('@eclipse-zenoh/zenoh-ts').Sample} */ sample) => {
      const bytes = sample.payload().toBytes();
      touched += bytes[0] ?? 0;
      tally.receive(bytes.length);
    },
  });
  await tally.serve(() => ({ touched }));
}

const session = await Session.open(new Config(place));
await (role === 'publisher' ? publish(session) : subscribe(session));
await session.close();
