// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { capnpEncoding, fromZBytes, toSegments, toZBytes } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { Message } from 'capnp-es';
import { contentOf, fullMessage, joined, manySegments, memoryOf, slicings, sparseMessage } from './sample.js';

const messages = [
  ['one segment', fullMessage],
  ['many segments', manySegments],
  ['absent fields', sparseMessage],
] as const;

test.each(messages)('the segments of a message of %s are its memory, and joined its standard framing', (_, make) => {
  const message = make();
  const segments = toSegments(message);
  expect(joined(segments)).toEqual(new Uint8Array(message.toArrayBuffer()));
  const own = message._capnp.segments;
  expect(segments).toHaveLength(own.length + 1);
  own.forEach((segment, i) => {
    expect(segments[i + 1]?.buffer).toBe(segment.buffer);
    expect(segments[i + 1]?.byteLength).toBe(segment.byteLength);
  });
  toZBytes(message).assertZeroCopy();
});

test('an empty message is sent as its root pointer, null', () => {
  expect(Array.from(joined(toSegments(new Message())))).toEqual([0, 0, 0, 0, 1, 0, 0, 0, ...Array(8).fill(0)]);
});

test('ownership is that of ZBytes', () => {
  const copied = toZBytes(fullMessage(), { ownership: 'copy' });
  expect(copied.ledger.copiedFor('copy')).toBe(copied.length);
  const message = fullMessage();
  const [, segment] = toSegments(message);
  toZBytes(message, { ownership: 'transfer' }).assertZeroCopy();
  expect(segment?.byteLength).toBe(0);
});

const cases = messages.flatMap(([kind, make]) => slicings.map(([how, slice]) => [kind, how, make, slice] as const));

test.each(cases)('%s, %s: reads what capnp-es reads, and leaves the memory as it was', (_, __, make, slice) => {
  const message = make();
  const slices = slice(toSegments(message));
  const before = memoryOf(slices);
  const expected = contentOf(new Message(message.toArrayBuffer(), false));
  const opened = fromZBytes(ZBytes.fromSegments(slices));
  expect(contentOf(opened)).toEqual(expected);
  // What the first reading filled in reads the same.
  expect(contentOf(opened)).toEqual(expected);
  expect(memoryOf(slices).equals(before)).toBe(true);
});

test.each(slicings.slice(0, 3))('%s: a full read copies nothing', (_, slice) => {
  for (const make of [fullMessage, manySegments]) {
    const payload = ZBytes.fromSegments(slice(toSegments(make())));
    contentOf(fromZBytes(payload));
    payload.assertZeroCopy();
  }
});

test('a cut segment is gathered once, the others stay in place', () => {
  const segments = toSegments(manySegments());
  const [header, first, second, ...rest] = segments as [Uint8Array, Uint8Array, Uint8Array, ...Uint8Array[]];
  const slices = [header, first, second.subarray(0, 5), second.subarray(5), ...rest];
  const payload = ZBytes.fromSegments(slices);
  contentOf(fromZBytes(payload));
  expect(payload.ledger.snapshot().reasons).toEqual({ gather: second.length });
});

test('the encoding names the type', () => {
  expect(capnpEncoding()).toBe('application/x-capnp');
  expect(capnpEncoding(0xa3f0c65b1d2e4897n)).toBe('application/x-capnp;0xa3f0c65b1d2e4897');
  expect(capnpEncoding(1n)).toBe('application/x-capnp;0x0000000000000001');
  expect(() => capnpEncoding(-1n)).toThrow(expect.objectContaining({ code: 'CAPNP_INVALID' }));
});
