// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Publishes payloads made of three pieces of memory, none of which is copied or joined. Start subscribe-segments first.
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { Config, Session, ZBytes } from '@zenoh-segments/core';

const config = new Config();
config.insertJson5('connect/endpoints', JSON.stringify([process.argv[2] ?? 'tcp/127.0.0.1:7447']));

await using session = await Session.open(config);
const header = new TextEncoder().encode('three numbers:');
const numbers = Float64Array.of(1, 2.5, -3);
const payload = ZBytes.fromSegments([header, numbers, Uint8Array.of(0)]);
await using publisher = await session.declarePublisher('examples/segments');
// What is put before the other side's subscription got here goes nowhere: so not once, but for a second.
for (let i = 0; i < 20; i++) {
  // From where the pieces lie, even if that takes a moment: `put` would copy JavaScript memory to a thread on a busy network.
  publisher.putSync(payload);
  await setTimeout(50);
}

assert.equal(payload.segmentCount, 3);
payload.assertZeroCopy();
console.log(
  `published ${payload.length} bytes, 20 times, in ${payload.segmentCount} segments, ${session.ledger.copied} copied`,
);
