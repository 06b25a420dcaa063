// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { SegmentError, ZBytes } from '@zenoh-segments/core';
import { webAssembly } from '../../support/webassembly.js';

const bytes = (...values: number[]) => Uint8Array.from(values);

test('fromSegments keeps the very segments, and adds nothing', () => {
  const parts = [bytes(1, 2), bytes(), bytes(3)];
  const payload = ZBytes.fromSegments(parts);
  expect(payload.segments()).toEqual([parts[0], parts[2]]);
  expect(payload.segments()[0]).toBe(parts[0]);
  expect(payload.segments()).toBe(payload.segments());
  expect([...payload.toBytes()]).toEqual([1, 2, 3]);
  expect(payload.ledger.snapshot()).toEqual({ carried: 0, copied: 3, reasons: { gather: 3 } });
});

test('a range is a view where one segment holds it aligned, otherwise one counted gather', () => {
  const memory = new Uint8Array(32).map((_, i) => i);
  const payload = ZBytes.fromSegments([memory.subarray(0, 16), memory.subarray(16)]);
  expect(payload.range(8, 16, 8).buffer).toBe(memory.buffer);
  expect(payload.ledger.copied).toBe(0);
  expect([...payload.range(9, 11, 8)]).toEqual([9, 10]);
  expect(payload.ledger.copiedFor('misaligned')).toBe(2);
  expect([...payload.range(14, 18)]).toEqual([14, 15, 16, 17]);
  expect(payload.ledger.copiedFor('gather')).toBe(4);
  expect(() => payload.range(30, 33)).toThrow(expect.objectContaining({ code: 'RANGE' }));
});

test('transfer detaches the sources, once per ArrayBuffer', () => {
  const source = new Uint8Array([1, 2, 3, 4]);
  const payload = ZBytes.fromSegments([source.subarray(0, 2), source.subarray(2)], { ownership: 'transfer' });
  expect(source.byteLength).toBe(0);
  expect([...payload.toBytes()]).toEqual([1, 2, 3, 4]);
});

test.each([
  ['a pooled Buffer', () => Buffer.from('abc'), 'BUFFER_UNSUPPORTED'],
  ['shared memory', () => new Uint8Array(new SharedArrayBuffer(4)), 'BUFFER_UNSUPPORTED'],
  ['WebAssembly memory', () => new Uint8Array(new webAssembly.Memory({ initial: 1 }).buffer), 'BUFFER_UNSUPPORTED'],
])('transfer refuses %s', (_, make, code) => {
  expect(() => ZBytes.fromSegments([make()], { ownership: 'transfer' })).toThrow(expect.objectContaining({ code }));
});

test('a detached segment is refused and named', () => {
  const gone = new ArrayBuffer(8);
  structuredClone(gone, { transfer: [gone] });
  const error = catchError(() => ZBytes.fromSegments([bytes(1), gone]));
  expect(error).toBeInstanceOf(SegmentError);
  expect(error).toMatchObject({ code: 'BUFFER_DETACHED', segmentIndex: 1 });
});

test('a disposed payload says so', () => {
  const payload = new ZBytes('hello');
  payload[Symbol.dispose]();
  payload[Symbol.dispose]();
  expect(() => payload.segments()).toThrow(expect.objectContaining({ code: 'PAYLOAD_DISPOSED' }));
});

test('text decodes across segment borders without a gather', () => {
  const euro = new TextEncoder().encode('a€b');
  const payload = ZBytes.fromSegments([euro.subarray(0, 2), euro.subarray(2)]);
  expect(payload.toString()).toBe('a€b');
  payload.assertZeroCopy();
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test('small neighbours are joined when asked, at the alignment of their place, and counted', () => {
  const parts = [
    bytes(1, 2, 3),
    bytes(4),
    new Uint8Array(100).fill(5),
    bytes(6),
    new Uint8Array(64).fill(7),
    bytes(8, 9),
    bytes(10),
  ];
  const payload = ZBytes.fromSegments(parts, { coalesceBelow: 64 });
  expect(payload.segments().map((segment) => [...segment])).toEqual([
    [1, 2, 3, 4],
    [...(parts[2] as Uint8Array)],
    [6],
    [...(parts[4] as Uint8Array)],
    [8, 9, 10],
  ]);
  expect(payload.segments()[1]).toBe(parts[2]);
  expect(payload.segments()[4]?.byteOffset).toBe(169 % 64);
  expect(payload.ledger.snapshot()).toEqual({ carried: 0, copied: 7, reasons: { coalesce: 7 } });
});

test.each([-1, 1.5, Number.NaN, '64'])('no number of bytes is %p', (coalesceBelow) => {
  expect(() => ZBytes.fromSegments([bytes(1)], { coalesceBelow: coalesceBelow as number })).toThrow(
    expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      message: `coalesceBelow must be a number of bytes, not ${coalesceBelow}`,
    }),
  );
});
