// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { afterEach, expect, test } from '@jest/globals';
import { CongestionControl, type Sample, ZBytes } from '@zenoh-segments/core';
import { matched } from '../../support/matched.js';
import { received } from '../../support/received.js';
import { withPair } from '../../support/sessions.js';
import { until } from '../../support/until.js';

const place = new URL('../../../packages/core/dist/native/load.js', import.meta.url).href;
const { addon } = (await import(place)) as typeof import('../../../packages/core/dist/native/load.js');
const gc = globalThis.gc as () => void;

const SIZE = 1024 * 1024;
const source = Uint8Array.from({ length: SIZE }, (_, i) => (i * 7) ^ (i >> 8));
const BLOCK = { congestionControl: CongestionControl.BLOCK };

afterEach(() => expect(addon().counters().regions).toBe(0));

test('memory that nobody looks at yet is known all the same', async () => {
  await received(source, (sample, receiver) => {
    const payload = sample.payload();
    const { segmentCount } = payload;
    expect(segmentCount).toBeGreaterThan(10);
    expect(receiver.stats().pinned.received).toEqual({ count: segmentCount, bytes: SIZE });
    const segments = payload.segments();
    expect(segments.map(({ byteLength }) => byteLength).reduce((a, b) => a + b)).toBe(SIZE);
    expect(Buffer.compare(Buffer.concat(segments), source)).toBe(0);
    expect(payload.segments()).toBe(segments);
    expect(receiver.stats().pinned.received).toEqual({ count: segmentCount, bytes: SIZE });
    expect(payload.ledger.copied).toBe(0);
    sample[Symbol.dispose]();
    expect(segments.map(({ byteLength }) => byteLength)).toEqual(segments.map(() => 0));
  });
});

test('a range of one slice is a view, one of several a copy, before and after the segments were asked for', async () => {
  await received(source, (sample) => {
    const payload = sample.payload();
    const check = () => {
      const inside = payload.range(8, 808, 8);
      expect([inside.byteOffset, Buffer.compare(inside, source.subarray(8, 808))]).toEqual([8, 0]);
      expect(payload.range(8, 16).buffer).toBe(inside.buffer);
      const { copied } = payload.ledger;
      const across = payload.range(1, SIZE - 1);
      expect(Buffer.compare(across, source.subarray(1, SIZE - 1))).toBe(0);
      const odd = payload.range(9, 17, 8);
      expect(Buffer.compare(odd, source.subarray(9, 17))).toBe(0);
      expect(payload.ledger.copied - copied).toBe(SIZE - 2 + 8);
      return inside;
    };
    const first = check();
    const [segment] = payload.segments();
    expect(segment!.buffer).toBe(first.buffer);
    check();
    expect(payload.ledger.snapshot().reasons).toEqual({ gather: 2 * (SIZE - 2), misaligned: 16 });
    sample[Symbol.dispose]();
    expect(first.byteLength).toBe(0);
  });
});

test('it is passed on without a copy', async () => {
  await received(source, async (sample, receiver) => {
    const again: Sample[] = [];
    await receiver.declareSubscriber('again', { handler: (one) => again.push(one) });
    await receiver.put('again', sample.payload(), BLOCK);
    await until('it came again', () => again.length === 1);
    const payload = again[0]!.payload();
    expect([payload.ledger.copied, sample.payload().ledger.copied]).toEqual([0, 0]);
    expect(Buffer.compare(payload.toBytes(), source)).toBe(0);
    again[0]![Symbol.dispose]();
  });
});

test('a payload that nobody keeps is given back by the collector, its views by themselves', async () => {
  let view: Uint8Array | undefined;
  await withPair(async (sender, receiver) => {
    let count = 0;
    await receiver.declareSubscriber('sliced', {
      handler: (sample) => {
        count++;
        view ??= sample.payload().range(0, 100);
      },
    });
    await matched(sender, 'sliced');
    for (let i = 0; i < 3; i++) await sender.put('sliced', source, BLOCK);
    await until('they came', () => count === 3);
    await until('only the view is left', () => {
      gc();
      return addon().counters().regions === 1;
    });
    expect(Buffer.compare(view!, source.subarray(0, 100))).toBe(0);
  });
  view = undefined;
  await until('that is gone too', () => {
    gc();
    return addon().counters().regions === 0;
  });
});

test('a payload that shares the memory says that it is gone', async () => {
  await received(source, (sample) => {
    const copies = [new ZBytes(sample.payload()), new ZBytes(sample.payload())];
    copies[0]!.segments();
    copies[1]![Symbol.dispose]();
    expect(sample.payload().range(0, SIZE).byteLength).toBe(SIZE);
    sample[Symbol.dispose]();
    const gone = expect.objectContaining({ code: 'PAYLOAD_DISPOSED', message: 'this payload was disposed' });
    for (const copy of copies) {
      for (const use of [() => copy.toBytes(), () => copy.range(0, 8), () => copy.segments(), () => copy.toString()]) {
        expect(use).toThrow(gone);
      }
    }
  });
});
