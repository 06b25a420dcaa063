// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { CongestionControl, type Sample, ShmProvider, ShmRecycler } from '@zenoh-segments/core';
import { matched } from '../../support/matched.js';
import { withPair, withSession } from '../../support/sessions.js';
import { until } from '../../support/until.js';

const CHUNK = 10_000;
const coded = (code: string, text: string) => expect.objectContaining({ code, message: expect.stringContaining(text) });

/** A pool, and its recycler. */
function recycler(size: number, chunkBytes = CHUNK): [ShmProvider, ShmRecycler] {
  const pool = new ShmProvider({ size });
  return [pool, new ShmRecycler(pool, chunkBytes)];
}

describe('a chunk that was given back', () => {
  test('is the next one, attached and as it was written, and no other is taken from the pool', () => {
    const [pool, chunks] = recycler(1 << 20);
    const first = chunks.alloc(CHUNK);
    expect(first).toMatchObject({ kind: 'shm', size: CHUNK, alignment: 64 });
    first.bytes.fill(7);
    first[Symbol.dispose]();
    // Once is enough.
    first[Symbol.dispose]();
    expect(chunks.idle).toBe(1);
    const second = chunks.alloc(CHUNK);
    expect(second.bytes.buffer).toBe(first.bytes.buffer);
    expect([second.bytes.byteLength, second.bytes[CHUNK - 1]]).toEqual([CHUNK, 7]);
    first[Symbol.dispose]();
    expect([chunks.idle, pool.stats().chunks, pool.stats().allocations]).toEqual([0, 1, 1]);
  });

  test('serves smaller sizes from its start, zeroed when that is asked', () => {
    const [, chunks] = recycler(1 << 20);
    const whole = chunks.alloc(CHUNK);
    whole.bytes.fill(7);
    whole[Symbol.dispose]();
    using part = chunks.alloc(100, { zero: true, alignment: 32 });
    expect(part).toMatchObject({ size: 100, alignment: 64 });
    expect([part.bytes.byteOffset, part.bytes.byteLength]).toEqual([0, 100]);
    expect(part.bytes.every((byte) => byte === 0)).toBe(true);
    expect([whole.bytes[99], whole.bytes[100]]).toEqual([0, 7]);
  });

  test('is not given again while a subscriber has it', () =>
    withSession(async (session) => {
      const [, chunks] = recycler(1 << 20);
      const samples: Sample[] = [];
      await session.declareSubscriber('a', { handler: (sample) => void samples.push(sample) });
      const first = chunks.alloc(CHUNK);
      await session.put('a', first.bytes);
      first[Symbol.dispose]();
      await until('it has come', () => samples.length === 1);
      const second = chunks.alloc(CHUNK);
      expect(second.bytes.buffer).not.toBe(first.bytes.buffer);
      second[Symbol.dispose]();
      samples[0]?.[Symbol.dispose]();
      // The first is asked about first: it waited longest.
      expect([chunks.alloc(CHUNK), chunks.alloc(CHUNK)].map(({ bytes }) => bytes.buffer)).toEqual([
        first.bytes.buffer,
        second.bytes.buffer,
      ]);
    }));

  test('keeps its bytes for who reads them at another session, over thousands of messages', () =>
    withPair(async (left, right) => {
      const [pool, chunks] = recycler(1 << 20, 1000);
      const held: [Sample, number][] = [];
      let [received, shared, wrong] = [0, 0, 0];
      const check = ([sample, number]: [Sample, number]) => {
        if (
          !sample
            .payload()
            .toBytes()
            .every((byte) => byte === number % 256)
        )
          wrong++;
        sample[Symbol.dispose]();
      };
      const handler = (sample: Sample) => {
        if (sample.isShm()) shared++;
        held.push([sample, received++]);
        if (held.length > 16) check(held.shift() as [Sample, number]);
      };
      await right.declareSubscriber('a', { handler });
      await matched(left, 'a');
      const publisher = await left.declarePublisher('a', { congestionControl: CongestionControl.BLOCK });
      for (let number = 0; number < 5000; number++) {
        const chunk = await chunks.allocAsync(1000);
        chunk.bytes.fill(number);
        await publisher.put(chunk.bytes);
        chunk[Symbol.dispose]();
      }
      await until('all have come', () => received === 5000);
      held.forEach(check);
      expect([wrong, shared > 0]).toEqual([0, true]);
      expect(pool.stats().allocations).toBeLessThan(1000);
    }));
});

describe('when all chunks are in use', () => {
  test('an allocation fails, and finds what is given back', () => {
    const [, chunks] = recycler(3 * CHUNK);
    const lent = [1, 2, 3].map(() => chunks.alloc(CHUNK - 500));
    expect(() => chunks.alloc(1)).toThrow(coded('SHM_EXHAUSTED', `no ${CHUNK} bytes left`));
    lent[1]?.[Symbol.dispose]();
    expect(chunks.alloc(1).bytes.buffer).toBe(lent[1]?.bytes.buffer);
  });

  test('a wait gets what is given back', async () => {
    const [, chunks] = recycler(CHUNK);
    const lent = chunks.alloc(CHUNK);
    let served = false;
    const waiting = chunks.allocAsync(CHUNK).finally(() => {
      served = true;
    });
    let turns = 0;
    await until('the loop turned', () => ++turns > 20);
    expect(served).toBe(false);
    lent[Symbol.dispose]();
    expect((await waiting).bytes.buffer).toBe(lent.bytes.buffer);
  });

  test('a wait ends by its timeout or by its signal, each with its code', async () => {
    const [, chunks] = recycler(CHUNK);
    using _ = chunks.alloc(CHUNK);
    await expect(chunks.allocAsync(1, { timeout: 20 })).rejects.toEqual(coded('SHM_EXHAUSTED', 'bytes left'));
    const controller = new AbortController();
    const waiting = chunks.allocAsync(1, { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED', cause: reason });
    await expect(chunks.allocAsync(1, { signal: controller.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

test('a chunk that the pool took from its users is not given again', () => {
  const [pool, chunks] = recycler(CHUNK);
  const lost = chunks.alloc(CHUNK);
  lost.bytes.fill(7);
  lost[Symbol.dispose]();
  const taken = pool.alloc(CHUNK, { policy: { deallocate: 1 } });
  expect(() => chunks.alloc(CHUNK)).toThrow(coded('SHM_EXHAUSTED', 'bytes left'));
  expect([chunks.idle, lost.bytes.byteLength]).toEqual([0, 0]);
  taken[Symbol.dispose]();
  expect(chunks.alloc(CHUNK).bytes.byteLength).toBe(CHUNK);
});

test('its end gives all back to the pool: what is lent, at its own dispose', () => {
  const [pool, chunks] = recycler(1 << 20);
  const [idle, lent] = [chunks.alloc(CHUNK), chunks.alloc(CHUNK)];
  idle[Symbol.dispose]();
  chunks[Symbol.dispose]();
  expect([idle.bytes.byteLength, lent.bytes.byteLength]).toEqual([0, CHUNK]);
  lent[Symbol.dispose]();
  // It still allocates; nothing is kept.
  chunks.alloc(CHUNK)[Symbol.dispose]();
  pool.garbageCollect();
  expect([lent.bytes.byteLength, chunks.idle, pool.stats().chunks]).toEqual([0, 0, 0]);
});

test('what makes no sense is refused', async () => {
  const [pool, chunks] = recycler(1 << 20);
  const bad = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
  for (const size of [0, -1, 1.5, Number.NaN]) {
    expect(() => new ShmRecycler(pool, size)).toThrow(bad);
    expect(() => chunks.alloc(size)).toThrow(bad);
  }
  for (const alignment of [0, 3, 128]) expect(() => chunks.alloc(1, { alignment })).toThrow(bad);
  expect(() => chunks.alloc(CHUNK + 1)).toThrow(bad);
  await expect(chunks.allocAsync(CHUNK + 1)).rejects.toEqual(bad);
  await expect(chunks.allocAsync(1, { timeout: 0 })).rejects.toEqual(bad);
  expect(pool.stats().allocations).toBe(0);
});
