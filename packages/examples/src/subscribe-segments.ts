// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Receives what publish-segments sends, and reads the numbers in place where alignment allows.
import assert from 'node:assert/strict';
import { Config, Session } from '@zenoh-segments/core';

const config = new Config();
config.insertJson5('listen/endpoints', JSON.stringify([process.argv[2] ?? 'tcp/127.0.0.1:7447']));

await using session = await Session.open(config);
const subscriber = await session.declareSubscriber('examples/segments');
console.log('ready');

for await (const sample of subscriber) {
  using payload = sample.payload();
  const text = new TextDecoder().decode(payload.range(0, 14));
  // A view at a multiple of 8; the ledger tells whether those 24 bytes had to be moved for it.
  const bytes = payload.range(14, 38, 8);
  const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, 3);
  assert.equal(text, 'three numbers:');
  assert.deepEqual([...numbers], [1, 2.5, -3]);
  console.log(`${text} ${numbers.join(' ')}`);
  break;
}
