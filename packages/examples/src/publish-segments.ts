// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Publishes one payload made of three pieces of memory, none of which is copied or joined. Start subscribe-segments first.
import assert from 'node:assert/strict';
import { Config, CongestionControl, Session, ZBytes } from '@zenoh-segments/core';

const config = new Config();
config.insertJson5('connect/endpoints', JSON.stringify([process.argv[2] ?? 'tcp/127.0.0.1:7447']));

await using session = await Session.open(config);
const header = new TextEncoder().encode('three numbers:');
const numbers = Float64Array.of(1, 2.5, -3);
const payload = ZBytes.fromSegments([header, numbers, Uint8Array.of(0)]);
await session.put('examples/segments', payload, { congestionControl: CongestionControl.BLOCK });

assert.equal(payload.segmentCount, 3);
payload.assertZeroCopy();
console.log(`published ${payload.length} bytes in ${payload.segmentCount} segments, ${session.ledger.copied} copied`);
