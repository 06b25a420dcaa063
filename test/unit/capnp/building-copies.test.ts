// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { fixedAllocator, fromZBytes, MessageBuilder, type SegmentAllocator, toSegments } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { Message, Pointer } from 'capnp-es';
import { Telemetry } from '../../golden/capnp/telemetry.js';
import { contentOf, fullMessage, joined } from './sample.js';

// What is copied into a message being built may be someone else's: every pointer on the way is checked.

/** Segments of words, each given as its lower and upper half. */
function segments(...all: readonly (readonly [low: number, high: number])[][]): ArrayBuffer[] {
  return all.map((words) => {
    const view = new DataView(new ArrayBuffer(words.length * 8));
    words.forEach(([low, high], i) => {
      view.setInt32(8 * i, low, true);
      view.setUint32(8 * i + 4, high, true);
    });
    return view.buffer;
  });
}

const struct = (offset: number, data: number, pointers: number) => [offset * 4, pointers * 0x10000 + data] as const;
const list = (offset: number, element: number, count: number) => [offset * 4 + 1, count * 8 + element] as const;
const far = (segment: number, word: number, double = 0) => [word * 8 + double + 2, segment] as const;

const HOSTILE: readonly (readonly [string, ArrayBuffer[], string])[] = [
  ['a struct beyond its segment', segments([struct(0, 1, 1), [0, 0]]), 'CAPNP_INVALID'],
  ['a struct before its segment', segments([struct(-5, 1, 1)]), 'CAPNP_INVALID'],
  ['a list beyond its segment', segments([struct(0, 0, 1), list(0, 5, 2), [1, 1]]), 'CAPNP_INVALID'],
  ['a list of 2^29 - 1 pointers', segments([struct(0, 0, 1), list(0, 6, 2 ** 29 - 1)]), 'CAPNP_INVALID'],
  ['more structs than words', segments([list(0, 7, 1), struct(9, 1, 0), [1, 1]]), 'CAPNP_INVALID'],
  ['fewer than no structs', segments([list(0, 7, 1), struct(-9, 1, 0), [1, 1]]), 'CAPNP_INVALID'],
  ['a tag that is a list', segments([list(0, 7, 1), list(1, 1, 0), [1, 1]]), 'CAPNP_INVALID'],
  ['a far pointer to a segment that is not there', segments([far(7, 0)]), 'CAPNP_INVALID'],
  ['a far pointer beyond its segment', segments([far(0, 900)]), 'CAPNP_INVALID'],
  ['a far pointer to a far pointer', segments([far(1, 0)], [far(1, 0)]), 'CAPNP_INVALID'],
  [
    'a double far pointer to no far pointer',
    segments([far(1, 0, 4)], [struct(0, 1, 0), struct(0, 1, 0)]),
    'CAPNP_INVALID',
  ],
  ['a struct inside itself', segments([struct(0, 0, 1), struct(-1, 0, 1)]), 'CAPNP_LIMIT'],
  ['a struct twice inside itself', segments([struct(0, 0, 2), struct(-1, 0, 2), struct(-2, 0, 2)]), 'CAPNP_LIMIT'],
];

test.each(HOSTILE)('%s is refused, and what was there stays', (_, buffers, code) => {
  const table = new Uint32Array(2 * Math.ceil((1 + buffers.length) / 2));
  table.set([buffers.length - 1, ...buffers.map((buffer) => buffer.byteLength / 8)]);
  const payload = ZBytes.fromSegments([table, ...buffers.map((buffer) => buffer.slice(0))]);
  const sources = [new Message({ kind: 1, buffers } as Message['_capnp']['arena']), fromZBytes(payload)];
  for (const source of sources) {
    const message = new MessageBuilder();
    fullMessage(message);
    const expected = contentOf(message);
    expect(() => message.setRoot(new Pointer(source.getSegment(0), 0))).toThrow(expect.objectContaining({ code }));
    expect(contentOf(message)).toEqual(expected);
  }
});

test.each([
  ['one segment', () => new MessageBuilder()],
  ['many segments', () => new MessageBuilder({ allocator: pieces() })],
  ["capnp-es's own", () => new Message()],
])('every field is copied out of a message of %s, into one and many segments', (_, make) => {
  const source = make();
  const from = fullMessage(source).getRoot(Telemetry);
  const { frame, position, readings, spectrum, tags, marks } = contentOf(source);
  for (const message of [new MessageBuilder(), new MessageBuilder({ allocator: pieces() })]) {
    const to = message.initRoot(Telemetry);
    to.frame = from.frame;
    to.position = from.position;
    to.readings = from.readings;
    to.spectrum = from.spectrum;
    to.tags = from.tags;
    to.marks = from.marks;
    const sent = new Message(joined(toSegments(message)), false);
    expect(contentOf(sent)).toMatchObject({ frame, position, readings, spectrum, tags, marks });
  }
});

function pieces(): SegmentAllocator {
  return fixedAllocator(new Uint8Array(8), (bytes) => new Uint8Array(bytes));
}

test('the error for a union member that is not set prints a struct of memory at an offset', () => {
  const memory = new Uint8Array(1024).subarray(8);
  const root = new MessageBuilder({ allocator: fixedAllocator(memory) }).initRoot(Telemetry);
  expect(() => root.extra.error).toThrow(/CAPNP-TS018.*->0@0x00000000\[00 00 00 00 04 00 09 00\]/);
});
