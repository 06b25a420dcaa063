// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { dataSegments, fromZBytes, listView, toSegments, toZBytes } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { Message } from 'capnp-es';
import { Telemetry } from '../../golden/capnp/telemetry.js';
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

test('of a cut segment only the texts and data on a slice border are gathered', () => {
  const [header, segment] = toSegments(fullMessage()) as [Uint8Array, Uint8Array];
  const frameAt = Buffer.from(segment).indexOf(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7));
  const cut = frameAt + 500;
  const payload = ZBytes.fromSegments([header, segment.subarray(0, cut), segment.subarray(cut)]);
  const root = fromZBytes(payload).getRoot(Telemetry);
  const views = dataSegments(root.frame);
  expect(views.map(({ length }) => length)).toEqual([500, 501]);
  expect(views.every(({ buffer }) => buffer === segment.buffer)).toBe(true);
  payload.assertZeroCopy();
  contentOf(fromZBytes(payload));
  expect(payload.ledger.snapshot().reasons).toEqual({ gather: 1001 });
});

test.each([
  ['aligned', 0, {}],
  ['misaligned', 1, { misaligned: 800 }],
])('a list of numbers %s is one typed array', (_, offset, reasons) => {
  const memory = new Uint8Array(8192).subarray(offset);
  const sent = joined(toSegments(fullMessage()));
  memory.set(sent);
  const payload = new ZBytes(memory.subarray(0, sent.length));
  const { spectrum, readings } = fromZBytes(payload).getRoot(Telemetry);
  const view = listView(spectrum, Float64Array);
  expect(Array.from(view)).toEqual(spectrum.toArray());
  expect(view.buffer === memory.buffer).toBe(offset === 0);
  expect(payload.ledger.snapshot().reasons).toEqual(reasons);
  expect(() => listView(spectrum, Float32Array)).toThrow(
    'the list is to be viewed as Float64Array, not as Float32Array',
  );
  expect(() => listView(readings as never, Float64Array)).toThrow(
    'only lists of numbers can be viewed as typed arrays',
  );
});
