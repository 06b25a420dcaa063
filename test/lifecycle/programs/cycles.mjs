// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Does one thing over and over, and tells what memory, threads and descriptors were after a warm-up and at the end.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { openSession } from './common.mjs';

const [what, warmUp, cycles] = process.argv.slice(2);

const open = {
  async setUp() {},
  async cycle() {
    await (await openSession()).close();
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

const { setUp, cycle, tearDown } = { open, subscribe }[what];

function status(name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

/** Taken when garbage is gone and threads that end have ended. */
async function settled() {
  for (let i = 0; i < 10; i++) {
    globalThis.gc();
    await delay(20);
  }
  return {
    kib: status('RssAnon'),
    threads: status('Threads'),
    descriptors: readdirSync('/proc/self/fd').length,
  };
}

await setUp();
for (let i = 0; i < Number(warmUp); i++) await cycle(i);
const before = await settled();
const started = performance.now();
for (let i = 0; i < Number(cycles); i++) await cycle(i);
const took = performance.now() - started;
const after = await settled();
await tearDown();
console.log(`result ${JSON.stringify({ before, after, took })} end`);
