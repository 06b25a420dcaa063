// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { afterEach, expect, test } from '@jest/globals';
import { alloc, handOver, ShmProvider, takeOver, ZBytes } from '@zenoh-segments/core';
import { received } from '../../support/received.js';

// A runtime that forbids ArrayBuffers over native memory, as Electron does: the addon is told to behave as if it were one.
const place = new URL('../../../packages/core/dist/native/load.js', import.meta.url).href;
const { addon } = (await import(place)) as typeof import('../../../packages/core/dist/native/load.js');

afterEach(() => addon().forbidExternalBuffers(false));

const source = Uint8Array.from({ length: 200_000 }, (_, i) => i);

test('segments of a received payload are copied once, counted, and nothing native stays behind them', async () => {
  addon().forbidExternalBuffers(true);
  await received(source, (sample, receiver) => {
    const payload = sample.payload();
    expect(Buffer.compare(Buffer.concat(payload.segments()), source)).toBe(0);
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

test('a received payload that is joined is copied by that alone', async () => {
  addon().forbidExternalBuffers(true);
  await received(source, (sample) => {
    const payload = sample.payload();
    expect(Buffer.compare(payload.toBytes(), source)).toBe(0);
    expect(payload.ledger.snapshot()).toEqual({ carried: 200_000, copied: 200_000, reasons: { gather: 200_000 } });
    payload[Symbol.dispose]();
    expect(addon().counters().regions).toBe(0);
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
