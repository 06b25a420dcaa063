// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { afterEach, expect, test } from '@jest/globals';
import { alloc, type HandOver, handOver, ShmProvider, takeOver, ZBytes } from '@zenoh-segments/core';
import { collected } from '../../support/collected.js';

// Within one thread; between threads: test/lifecycle/hand-over.test.ts.
const place = new URL('../../../packages/core/dist/native/load.js', import.meta.url).href;
const { addon } = (await import(place)) as typeof import('../../../packages/core/dist/native/load.js');

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);
const unknown = expect.objectContaining({
  code: 'HAND_OVER_UNKNOWN',
  message: expect.stringContaining('taken over already, or the thread that handed it over has ended'),
});

afterEach(() => expect(addon().counters().handedOver).toBe(0));

test('segments keep their borders and order; JavaScript memory is copied once, native memory never', () => {
  using native = alloc(1000);
  native.bytes.set(bytes(1000, 7));
  const parts = [bytes(3, 1), native.bytes.subarray(900), bytes(100, 2), native.bytes.subarray(10, 20)];
  const payload = ZBytes.fromSegments(parts);
  const before = payload.ledger.copied;
  const taken = takeOver(structuredClone(handOver(payload)));
  expect(taken.segments().map((segment) => [...segment])).toEqual(parts.map((part) => [...part]));
  expect(before).toBe(0);
  expect(payload.ledger.snapshot().reasons).toEqual({ 'hand-over': 103 });
  taken.assertZeroCopy();
  expect(taken.ledger.carried).toBe(213);
  // The very same native memory, and a copy of the rest.
  native.bytes[10] = 99;
  parts[0]![0] = 99;
  expect([taken.segments()[3]![0], taken.segments()[0]![0]]).toEqual([99, 1]);
  // Whatever reads words in place finds copied segments aligned.
  expect(taken.segments()[2]!.byteOffset % 64).toBe(0);
});

test('a payload survives the end of the one it came from, and gives its memory back by itself', async () => {
  const regions = addon().counters().regions;
  const native = alloc(5000);
  native.bytes.fill(3);
  const ticket = handOver(ZBytes.fromSegments([native.bytes]));
  native[Symbol.dispose]();
  expect(addon().counters()).toMatchObject({ handedOver: 1, regions });
  const taken = takeOver(ticket);
  expect(taken.segments()[0]).toEqual(bytes(5000, 3));
  expect(addon().counters().regions).toBe(regions + 1);
  taken[Symbol.dispose]();
  expect(addon().counters().regions).toBe(regions);
  const refs = [new WeakRef(takeOver(handOver(new ZBytes(bytes(5000, 4)))).segments()[0]!.buffer)];
  await collected('buffers taken over', refs);
});

test('a chunk of shared memory stays one: it is whole again on the other side', () => {
  const pool = new ShmProvider({ size: 100_000 });
  using chunk = pool.alloc(64_000);
  chunk.bytes.fill(5);
  const views = [chunk.bytes.subarray(0, 1000), chunk.bytes.subarray(1000)];
  const taken = takeOver(handOver(ZBytes.fromSegments(views)));
  const [first, second] = taken.segments();
  expect([first!.byteLength, second!.byteLength, second!.byteOffset]).toEqual([1000, 63_000, 1000]);
  expect(first!.buffer).toBe(second!.buffer);
  taken.assertZeroCopy();
});

test('an empty payload is handed over too', () => {
  expect(takeOver(handOver(ZBytes.empty())).segments()).toEqual([]);
});

test('a ticket works once, and a wrong one never', () => {
  const ticket = handOver(new ZBytes('x'));
  expect(takeOver(ticket).toString()).toBe('x');
  expect(() => takeOver(ticket)).toThrow(unknown);
  expect(() => takeOver({ zenohSegmentsHandOver: 12_345 })).toThrow(unknown);
  expect(() => takeOver({ zenohSegmentsHandOver: 0 })).toThrow(unknown);
  for (const wrong of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '1', undefined, 2 ** 53]) {
    expect(() => takeOver({ zenohSegmentsHandOver: wrong } as HandOver)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  }
  for (const wrong of [null, undefined, 7, {}, 'x']) {
    expect(() => takeOver(wrong as unknown as HandOver)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  }
});

test('a disposed payload and a detached segment are refused, and leave nothing behind', () => {
  const disposed = new ZBytes('x');
  disposed[Symbol.dispose]();
  expect(() => handOver(disposed)).toThrow(expect.objectContaining({ code: 'PAYLOAD_DISPOSED' }));
  const source = bytes(10, 1);
  const payload = ZBytes.fromSegments([bytes(1, 1), source]);
  structuredClone(source.buffer, { transfer: [source.buffer] });
  expect(() => handOver(payload)).toThrow(
    expect.objectContaining({
      code: 'BUFFER_DETACHED',
      message: 'segment 1 was detached before it was handed over',
    }),
  );
});

test('what waits is bounded: 1024 payloads, and a gibibyte of more than one', () => {
  const payload = new ZBytes(bytes(1, 1));
  const tickets = Array.from({ length: 1024 }, () => handOver(payload));
  expect(() => handOver(payload)).toThrow(
    expect.objectContaining({
      code: 'HAND_OVER_FULL',
      message: expect.stringContaining('1024 payloads of 1024 bytes were handed over by this thread'),
    }),
  );
  expect(takeOver(tickets.pop()!).length).toBe(1);
  tickets.push(handOver(payload));
  for (const ticket of tickets) takeOver(ticket)[Symbol.dispose]();

  // The same native memory many times: the bound counts what it pins as if each pinned its own.
  using big = alloc(600 * 2 ** 20);
  const large = ZBytes.fromSegments([big.bytes]);
  const first = handOver(large);
  expect(() => handOver(large)).toThrow(expect.objectContaining({ code: 'HAND_OVER_FULL' }));
  takeOver(first)[Symbol.dispose]();
});
