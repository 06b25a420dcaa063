// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// A client whose server goes and comes back, over and over: `<process|session> <warm-up> <rounds> <port> [<ms of the first
// wait> [<KiB that each round leaks>]]`. The server is a process that is killed, or a session of this very process that is closed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Session } from '@zenoh-segments/core';
import { Config } from '@zenoh-segments/core/websocket';
import { WebSocket } from 'ws';
import { serving, settled } from './common.mjs';

const [kind, warmUp, rounds, port, firstWait, leak] = process.argv.slice(2);

const servers = {
  async process() {
    const file = fileURLToPath(new URL('websocket-server.mjs', import.meta.url));
    const child = spawn(process.execPath, [file, port], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
    };
  },
  async session() {
    const stop = await serving(port);
    return stop;
  },
};

/** Waits for `holds`, 10 s at most. */
async function until(what, holds) {
  const deadline = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

let stop = await servers[kind]();
const reconnect = firstWait === undefined ? {} : { initialDelay: Number(firstWait), maxDelay: 2 * Number(firstWait) };
const session = await Session.open(new Config(`ws/127.0.0.1:${port}`, { WebSocket, reconnect }));
const events = [];
await session.connectionListener({ handler: (event) => events.push(event) });
let received = 0;
await session.declareSubscriber('numbers', { handler: () => received++ });
await session.declareQueryable('asked', { handler: (query) => query.finalize() });
await session.liveliness().declareToken('alive');
const publisher = await session.declarePublisher('back');
let matches = 0;
await publisher.matchingListener({ handler: () => matches++ });
await until('numbers come', () => received > 0);

async function round() {
  await stop();
  await until('the loss is told', () => events.at(-1)?.kind !== 'restored' && events.length > 0);
  const lost = events.find((event) => event.kind === 'lost');
  stop = await servers[kind]();
  const back = performance.now();
  const before = received;
  await until('numbers come again', () => received > before);
  const flowing = performance.now() - back;
  await until('the return is told', () => events.at(-1)?.kind === 'restored');
  const { gap, declared, refused } = events.at(-1);
  events.length = 0;
  return { code: lost?.error.code, flowing, gap, declared, refused };
}

const results = [];
const leaked = [];
for (let i = 0; i < Number(warmUp); i++) await round();
const before = await settled();
for (let i = 0; i < Number(rounds); i++) {
  results.push(await round());
  if (leak !== undefined) leaked.push(Buffer.alloc(Number(leak) * 1024, 1));
}
// The test allows for threads of pools, which stay for a while.
const after = await settled({ ...before, threads: before.threads + 9 });
await session.close();
await stop();
console.log(`result ${JSON.stringify({ results, before, after, matches })} end`);
