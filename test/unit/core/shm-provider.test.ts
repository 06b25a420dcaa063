// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { type NativeBuffer, type ShmPolicy, ShmProvider } from '@zenoh-segments/core';
import { until } from '../../support/until.js';

const SIZE = 1 << 20;
const coded = (code: string, text: string) => expect.objectContaining({ code, message: expect.stringContaining(text) });

/** Fills a pool with chunks of 64 KiB. */
function fill(provider: ShmProvider): NativeBuffer[] {
  const chunks: NativeBuffer[] = [];
  for (;;) {
    try {
      chunks.push(provider.alloc(65_536, { policy: 'just-alloc' }));
    } catch {
      return chunks;
    }
  }
}

test('a new pool is all available, and counts what is taken and given back', () => {
  const provider = new ShmProvider({ size: SIZE });
  expect(provider.stats()).toMatchObject({
    size: SIZE,
    available: SIZE,
    used: 0,
    chunks: 0,
    allocations: 0,
    failures: 0,
  });
  const chunk = provider.alloc(1000);
  expect(chunk).toMatchObject({ kind: 'shm', size: 1000, alignment: 64 });
  expect(provider.stats()).toMatchObject({ used: 1024, available: SIZE - 1024, chunks: 1, allocations: 1 });
  chunk[Symbol.dispose]();
  // Nothing looks for free chunks until there is need.
  expect(provider.available).toBe(SIZE - 1024);
  expect(provider.garbageCollect()).toBe(1024);
  expect(provider.garbageCollect()).toBe(0);
  expect(provider.stats()).toMatchObject({ used: 0, available: SIZE, mostUsed: 1024, chunks: 0, collections: 2 });
  expect(provider.defragment()).toBe(0);
  expect(provider.stats().defragmentations).toBe(1);
});

test('one chunk of the whole size fits', () => {
  const provider = new ShmProvider({ size: SIZE });
  const chunk = provider.alloc(SIZE);
  expect(provider.available).toBe(0);
  chunk[Symbol.dispose]();
});

test('just-alloc fails where gc finds what was given back', () => {
  const provider = new ShmProvider({ size: SIZE });
  for (const chunk of fill(provider)) chunk[Symbol.dispose]();
  expect(() => provider.alloc(65_536, { policy: 'just-alloc' })).toThrow(coded('SHM_EXHAUSTED', '65536 bytes left'));
  // Many small neighbours make room for one large chunk.
  provider.alloc(900_000, { policy: 'gc' })[Symbol.dispose]();
  provider.alloc(900_000, { policy: 'defragment' })[Symbol.dispose]();
  expect(provider.stats().failures).toBe(2);
});

test('deallocate takes as many chunks as it may from those who use them, and no more', () => {
  const provider = new ShmProvider({ size: SIZE });
  const chunks = fill(provider);
  expect(() => provider.alloc(65_536, { policy: 'defragment' })).toThrow(coded('SHM_EXHAUSTED', 'in use'));
  expect(() => provider.alloc(3 * 65_536, { policy: { deallocate: 2 } })).toThrow(coded('SHM_EXHAUSTED', 'in use'));
  expect(provider.stats().chunks).toBe(chunks.length - 2);
  const taken = provider.alloc(2 * 65_536, { policy: { deallocate: 1 } });
  expect(provider.stats().chunks).toBe(chunks.length - 1);
  // The chunks' old views now show the new one's bytes: this is what the policy warns of.
  taken.bytes.fill(9);
  expect(chunks.filter(({ bytes }) => bytes[1000] === 9)).toHaveLength(2);
});

test('a chunk is zeroed when that is asked', () => {
  const provider = new ShmProvider({ size: 65_536 });
  const dirty = provider.alloc(65_536);
  dirty.bytes.fill(7);
  dirty[Symbol.dispose]();
  expect(provider.alloc(65_536, { zero: true }).bytes.every((byte) => byte === 0)).toBe(true);
});

test('options that make no sense are refused', async () => {
  const provider = new ShmProvider({ size: 65_536 });
  const bad = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
  for (const policy of ['any', 'deallocate', { deallocate: 0 }, { deallocate: 1.5 }, null, {}]) {
    expect(() => provider.alloc(10, { policy: policy as ShmPolicy })).toThrow(bad);
    await expect(provider.allocAsync(10, { policy: policy as ShmPolicy })).rejects.toEqual(bad);
  }
  for (const alignment of [128, 3, 0, -64, Number.NaN]) expect(() => provider.alloc(10, { alignment })).toThrow(bad);
  expect(provider.alloc(10, { alignment: 16 }).alignment).toBe(64);
  for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    await expect(provider.allocAsync(10, { timeout })).rejects.toEqual(bad);
  }
  await expect(provider.allocAsync(65_537)).rejects.toEqual(coded('SHM_EXHAUSTED', 'never has room'));
  expect(provider.stats()).toMatchObject({ waiting: 0, allocations: 1 });
});

test('a waiting allocation gets the room as soon as it is there, and never holds the event loop', async () => {
  const provider = new ShmProvider({ size: SIZE });
  const chunk = provider.alloc(700_000);
  let served = false;
  const waiting = provider.allocAsync(700_000).finally(() => {
    served = true;
  });
  let turns = 0;
  await until('the loop turned', () => ++turns > 50);
  expect([served, provider.stats().waiting]).toEqual([false, 1]);
  chunk[Symbol.dispose]();
  const memory = await waiting;
  expect(memory.size).toBe(700_000);
  expect(provider.stats()).toMatchObject({ waiting: 0, chunks: 1, failures: 0 });
  memory[Symbol.dispose]();
});

test('who waits is served in order: small requests do not starve a large one', async () => {
  const provider = new ShmProvider({ size: SIZE });
  const chunks = fill(provider);
  const served: string[] = [];
  const large = provider.allocAsync(700_000).then((memory) => {
    served.push('large');
    memory[Symbol.dispose]();
  });
  const small = provider.allocAsync(1000).then((memory) => {
    served.push('small');
    memory[Symbol.dispose]();
  });
  for (const chunk of chunks) {
    chunk[Symbol.dispose]();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all([large, small]);
  expect(served).toEqual(['large', 'small']);
});

test('a wait ends by its timeout or by its signal, each with its code', async () => {
  const provider = new ShmProvider({ size: 65_536 });
  const chunk = provider.alloc(65_536);
  await expect(provider.allocAsync(10_000, { timeout: 20 })).rejects.toEqual(
    coded('SHM_EXHAUSTED', '10000 bytes left in a shared-memory pool of 65536 bytes after 20 ms'),
  );
  const reason = new Error('enough');
  const controller = new AbortController();
  const waiting = provider.allocAsync(10_000, { signal: controller.signal });
  // Behind it in the line: must go on waiting.
  const next = provider.allocAsync(20_000);
  controller.abort(reason);
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED', cause: reason });
  await expect(provider.allocAsync(10, { signal: controller.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  await until('the other one waits', () => provider.stats().waiting === 1);
  expect(provider.stats()).toMatchObject({ chunks: 1, failures: 1 });
  chunk[Symbol.dispose]();
  expect((await next).size).toBe(20_000);
});

test('room that came together with the cancellation goes back', async () => {
  const provider = new ShmProvider({ size: 65_536 });
  const controller = new AbortController();
  const waiting = provider.allocAsync(10, { signal: controller.signal });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
  provider.garbageCollect();
  expect(provider.stats()).toMatchObject({ chunks: 0, waiting: 0 });
});

test('two hundred waits at once are all served', async () => {
  const provider = new ShmProvider({ size: 65_536 });
  const sizes = await Promise.all(
    Array.from({ length: 200 }, async () => {
      using memory = await provider.allocAsync(40_000, { timeout: 30_000 });
      await new Promise((resolve) => setImmediate(resolve));
      return memory.size;
    }),
  );
  expect(sizes).toEqual(Array(200).fill(40_000));
});
