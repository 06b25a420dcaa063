// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// 16 MiB through shared memory: written once by the sender, read where they are by the receiver. The two sessions would
// usually live in two processes.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { Config, CongestionControl, Session, ShmProvider } from '@zenoh-segments/core';

const endpoint = JSON.stringify([process.argv[2] ?? 'tcp/127.0.0.1:7447']);
const listening = new Config();
listening.insertJson5('listen/endpoints', endpoint);
const connecting = new Config();
connecting.insertJson5('connect/endpoints', endpoint);

await using receiver = await Session.open(listening);
await using sender = await Session.open(connecting);
const subscriber = await receiver.declareSubscriber('examples/shm');
const publisher = await sender.declarePublisher('examples/shm', { congestionControl: CongestionControl.BLOCK });
const pool = new ShmProvider({ size: 64 * 2 ** 20 });
// A subscription takes a moment to reach the other session: before, the message would go nowhere.
while (!(await publisher.matchingStatus()).matching()) await setTimeout(10);

using chunk = pool.alloc(16 * 2 ** 20);
chunk.bytes.fill(7);
await publisher.put(chunk.bytes);

for await (const sample of subscriber) {
  using payload = sample.payload();
  const [bytes] = payload.segments() as [Uint8Array];
  assert.ok(sample.isShm());
  assert.equal(bytes.byteLength, 16 * 2 ** 20);
  assert.ok(bytes.every((byte) => byte === 7));
  break;
}
sender.ledger.assertZeroCopy();
receiver.ledger.assertZeroCopy();
console.log('16 MiB received through shared memory, no byte copied');
