// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Serves a websocket client that puts all the time. How that ends is the argument: close, unref, exit, stay, or a terminated
// worker.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { WebSocket } from 'ws';

const [ending] = process.argv.slice(2);

/** A put of 1 byte to `k`, with DATA and DROP. */
const PUT = Buffer.from([14, 1, 107, 1, 7, 0, 0, 0, 0, 0, 5 | 128]);

async function client(url) {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const left = once(socket, 'close');
  const flood = setInterval(() => {
    for (let i = 0; i < 100; i++) socket.send(PUT);
  }, 1);
  void left.then(() => clearInterval(flood));
  return { socket, left };
}

if (ending === 'terminate' && isMainThread) {
  for (let round = 0; round < 5; round++) {
    const worker = new Worker(new URL(import.meta.url), { argv: [ending] });
    const url = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    const { left } = await client(url);
    await worker.terminate();
    await left;
    const late = new WebSocket(url);
    const [error] = await once(late, 'error');
    console.log(error.code);
  }
  console.log('done');
} else {
  const { openSession } = await import('./common.mjs');
  const session = await openSession({}, { serve: { websocket: 'ws/127.0.0.1:0' } });
  const server = session.websocketServer;
  if (ending === 'terminate') {
    parentPort.postMessage(server.url);
  } else {
    const { socket, left } = await client(server.url);
    console.log('serving');
    if (ending === 'close') await Promise.all([session.close(), left]);
    if (ending === 'unref') {
      server.unref().ref().unref();
      socket.close();
      await left;
    }
    if (ending === 'exit') process.exit(7);
  }
}
