// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// Our peers, over TCP, shared memory, a Unix socket or a WebSocket.
import { Config, Session } from '@zenoh-segments/core';
import { peerArguments } from '../commands.mjs';
import { publish, subscribe } from './one-way.mjs';
import { echo, ping } from './round-trip.mjs';
import { sourceOf } from './sources.mjs';

const { role, link, size, place } = peerArguments();

/** The package of a WebSocket: Node 20 has none of its own, and versions of Node are to compare. */
async function remote() {
  const [{ WebSocket }, entry] = await Promise.all([import('ws'), import('@zenoh-segments/core/websocket')]);
  return new entry.Config(place, { WebSocket });
}

const session = await Session.open(link === 'ws' ? await remote() : Config.fromJson5(place));
if (role === 'subscriber') await subscribe(session);
else if (role === 'echo') await echo(session);
else {
  const source = sourceOf(link, size, Number(process.env.BENCH_SEGMENTS ?? 1));
  await (role === 'publisher' ? publish(session, source) : ping(session, source, link, size));
}
await session.close();
