// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// nats.js, through a server.
import { connect } from '@nats-io/transport-node';
import { peerArguments, serve, total } from './commands.mjs';
import { Pinger } from './pinger.mjs';
import { servePublisher } from './publishing.mjs';
import { Tally } from './tally.mjs';

const SUBJECT = 'bench.payload';
const THERE = 'bench.ping';
const BACK = 'bench.pong';
/** Its publish never waits: what a program that must lose nothing does is to let the server answer now and then. */
const UNANSWERED_BYTES = 8 << 20;
const UNANSWERED_MESSAGES = 1000;

const { role, size, place } = peerArguments();
const connection = await connect({ servers: place });
const payload = new Uint8Array(size).fill(7);

async function publish() {
  const every = Math.max(1, Math.min(UNANSWERED_MESSAGES, Math.floor(UNANSWERED_BYTES / size)));
  await servePublisher({
    probe: () => connection.publish(SUBJECT, '?'),
    send: async (number) => {
      connection.publish(SUBJECT, payload);
      if (number % every === every - 1) await connection.flush();
    },
  });
}

async function subscribe() {
  const tally = new Tally();
  let touched = 0;
  connection.subscribe(SUBJECT, {
    callback: (_error, { data }) => {
      touched += data[0] ?? 0;
      tally.receive(data.length);
    },
  });
  await connection.flush();
  await tally.serve(() => ({ touched }));
}

async function ping() {
  const send = (/** @type {Uint8Array | string} */ data) => connection.publish(THERE, data);
  const pinger = new Pinger({ probe: () => send('?'), send: () => send(payload), size, shm: false });
  connection.subscribe(BACK, { callback: (_error, { data }) => pinger.returned(data.length) });
  await connection.flush();
  await pinger.serve();
}

async function echo() {
  let count = 0;
  connection.subscribe(THERE, {
    callback: (_error, { data }) => {
      count++;
      connection.publish(BACK, data);
    },
  });
  await connection.flush();
  await serve({});
  total({ count });
}

const roles = { publisher: publish, subscriber: subscribe, ping, echo };
await roles[role]();
await connection.close();
