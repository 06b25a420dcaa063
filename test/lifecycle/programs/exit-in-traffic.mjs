// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Two sessions send to each other, over the network, locally and through shared memory; then the process exits, each time at
// another moment.
import { readFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { ShmProvider } from '@zenoh-segments/core';
import { openSession } from './common.mjs';

const [round] = process.argv.slice(2).map(Number);
const port = await new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const left = await openSession({ listen: port });
const right = await openSession({ connect: port });
const pool = new ShmProvider({ size: 1024 * 1024 });
let received = 0;
await right.declareSubscriber('traffic/**', {
  handler: (sample) => {
    // Everything runs at once: native callbacks, queued batches, pending puts.
    if (++received === 20 + round * 3) process.exit(0);
    void left.put('traffic/back', sample.payload().toBytes());
  },
});
await left.declareSubscriber('traffic/back', { handler: () => {} });
const publisher = await left.declarePublisher('traffic/out', { congestionControl: round % 2 });
// The parent looks whether what is mapped here is gone with the process.
process.on('exit', () => {
  const mapped = readFileSync('/proc/self/maps', 'utf8').match(/\/dev\/shm\/\S+\.zenoh/g);
  writeSync(1, `${JSON.stringify([...new Set(mapped)])}\n`);
});
for (;;) {
  try {
    const chunk = pool.alloc(1000);
    void publisher.put(round % 3 === 0 ? chunk.bytes : new Uint8Array(100_000));
    chunk[Symbol.dispose]();
  } catch (error) {
    // The reader is late: its chunks come back.
    if (error.code !== 'SHM_EXHAUSTED') throw error;
  }
  await new Promise(setImmediate);
}
