// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { afterEach, expect, test } from '@jest/globals';
import { alloc, CongestionControl, handOver, type Sample, ShmProvider, takeOver, ZBytes } from '@zenoh-segments/core';
import { matched } from '../../support/matched.js';
import { withPair } from '../../support/sessions.js';
import { until } from '../../support/until.js';

// A runtime that forbids ArrayBuffers over native memory, as Electron does: the addon is told to behave as if it were one.
const place = new URL('../../../packages/core/dist/native/load.js', import.meta.url).href;
const { addon } = (await import(place)) as typeof import('../../../packages/core/dist/native/load.js');

afterEach(() => addon().forbidExternalBuffers(false));

test('a received payload is copied once, counted, and nothing native stays behind it', async () => {
  addon().forbidExternalBuffers(true);
  const source = Uint8Array.from({ length: 200_000 }, (_, i) => i);
  await withPair(async (sender, receiver) => {
    const samples: Sample[] = [];
    await receiver.declareSubscriber('copies', { handler: (sample) => samples.push(sample) });
    await matched(sender, 'copies');
    await sender.put('copies', source, { congestionControl: CongestionControl.BLOCK });
    await until('the sample came', () => samples.length === 1);
    const payload = samples[0]!.payload();
    expect(Buffer.compare(payload.toBytes(), source)).toBe(0);
    expect(payload.ledger.copiedFor('external-buffers-forbidden')).toBe(200_000);
    expect(receiver.ledger.copiedFor('external-buffers-forbidden')).toBe(200_000);
    expect(addon().counters().regions).toBe(0);
    // What the runtime owns is not detached by dispose: only the reference goes.
    const [view] = payload.segments();
    const length = view!.byteLength;
    payload[Symbol.dispose]();
    expect(view!.byteLength).toBe(length);
  });
});

test('memory to be written in place is refused, in words', () => {
  addon().forbidExternalBuffers(true);
  const refused = expect.objectContaining({
    code: 'BUFFER_UNSUPPORTED',
    message: 'this runtime forbids ArrayBuffers over native memory',
  });
  expect(() => alloc(64)).toThrow(refused);
  expect(() => new ShmProvider({ size: 4096 }).alloc(64)).toThrow(refused);
  expect(addon().counters().regions).toBe(0);
});

test('a payload taken over is copied once more, counted', () => {
  const ticket = handOver(ZBytes.fromSegments([Uint8Array.of(1, 2), Uint8Array.of(3)]));
  addon().forbidExternalBuffers(true);
  const payload = takeOver(ticket);
  expect(payload.segments().map((segment) => [...segment])).toEqual([[1, 2], [3]]);
  // The gap that keeps the second segment aligned is copied along.
  expect(payload.ledger.snapshot()).toEqual({ carried: 3, copied: 65, reasons: { 'external-buffers-forbidden': 65 } });
  expect(addon().counters()).toMatchObject({ regions: 0, handedOver: 0 });
});
