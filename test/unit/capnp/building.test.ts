// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { fixedAllocator, fromZBytes, heapAllocator, MessageBuilder, toSegments, toZBytes } from '@zenoh-segments/capnp';
import { Message } from 'capnp-es';
import { Kinds } from '../../golden/capnp/kinds.js';
import { Telemetry } from '../../golden/capnp/telemetry.js';
import { dirtyMemory } from './dirty-memory.js';
import { contentOf, fullMessage, joined, manySegments, sparseMessage } from './sample.js';

const dirty = (buffer: ArrayBufferLike, start: number, step: number) => () => dirtyMemory(buffer, start, step);
const heap = (firstBytes: number) => () => ({ allocator: heapAllocator({ firstBytes }), touched: () => 0 });

test.each([
  ['the heap', heap(1024)],
  ['a first segment of a root pointer', heap(8)],
  ['dirty memory', dirty(new ArrayBuffer(65_536), 4096, 16_384)],
  ['small pieces of dirty memory at odd offsets', dirty(new ArrayBuffer(65_536), 3, 64)],
  ['pieces whose length is no whole number of words', dirty(new ArrayBuffer(65_536), 8, 103)],
  ['a SharedArrayBuffer at 4096', dirty(new SharedArrayBuffer(65_536), 4096, 512)],
] as const)('in %s: what is built is what stock capnp-es and we read', (_, make) => {
  const expected = contentOf(fullMessage());
  const memory = make();
  const message = fullMessage(new MessageBuilder(memory));
  expect(contentOf(message)).toEqual(expected);
  const segments = toSegments(message);
  const sent = joined(segments);
  expect(Buffer.from(message.toArrayBuffer()).equals(sent)).toBe(true);
  expect(contentOf(new Message(sent, false))).toEqual(expected);
  expect(contentOf(new Message(message.toPackedArrayBuffer()))).toEqual(expected);
  const payload = toZBytes(message);
  expect(contentOf(fromZBytes(payload))).toEqual(expected);
  // Core copies what other threads may change under it, and says so.
  const isShared = segments[1]?.buffer instanceof SharedArrayBuffer;
  expect(Object.keys(payload.ledger.snapshot().reasons)).toEqual(isShared ? ['unstable-memory'] : []);
  expect(memory.touched()).toBe(0);
});

test('a copy has memory of its own, and can be built on', () => {
  const message = fullMessage(new MessageBuilder());
  const expected = contentOf(message);
  const copy = message.copy();
  expect(copy).toBeInstanceOf(MessageBuilder);
  expect(contentOf(copy)).toEqual(expected);
  copy.getRoot(Telemetry).name = 'another name, which needs room of its own';
  copy.getRoot(Telemetry).sequence = 1n;
  expect(contentOf(message)).toEqual(expected);
  expect(contentOf(copy)).toEqual({ ...expected, sequence: 1n, name: 'another name, which needs room of its own' });
});

test('an empty message is a null root, in every form', () => {
  expect(Buffer.from(joined(toSegments(new MessageBuilder()))).toString('hex')).toBe(
    '00000000010000000000000000000000',
  );
  expect(Buffer.from(new MessageBuilder().toArrayBuffer()).toString('hex')).toBe('00000000010000000000000000000000');
  expect(new MessageBuilder().dump()).toContain('Segment #0');
  expect(contentOf(new MessageBuilder())).toEqual(contentOf(sparse(0n)));
});

function sparse(sequence: bigint): Message {
  const message = sparseMessage();
  message.getRoot(Telemetry).sequence = sequence;
  return message;
}

test('setRoot copies the root of any message', () => {
  for (const make of [fullMessage, manySegments, () => fullMessage(new MessageBuilder())]) {
    const source = make();
    const expected = contentOf(make());
    const message = new MessageBuilder();
    message.initRoot(Kinds).text = 'replaced';
    message.setRoot(source.getRoot(Telemetry));
    expect(contentOf(message)).toEqual(expected);
    const received = fromZBytes(toZBytes(make()));
    const again = new MessageBuilder();
    again.setRoot(received.getRoot(Telemetry));
    expect(contentOf(again)).toEqual(expected);
    // And back into capnp-es's own, which copies rightly what has no list of structs.
    const stock = new Message().initRoot(Telemetry);
    stock.spectrum = message.getRoot(Telemetry).spectrum;
    stock.tags = message.getRoot(Telemetry).tags;
    expect([stock.spectrum.toArray(), stock.tags.toArray()]).toEqual([expected.spectrum, expected.tags]);
  }
});

test('a stock message gives the same bytes as its toArrayBuffer', () => {
  for (const message of [fullMessage(), manySegments()]) {
    expect(Buffer.from(message.toArrayBuffer()).equals(joined(toSegments(message)))).toBe(true);
  }
});

test('a thousand texts take a few segments, and little more than their bytes', () => {
  const message = new MessageBuilder();
  const tags = message.initRoot(Telemetry)._initTags(1000);
  for (let i = 0; i < 1000; i++) tags.set(i, `text ${i} `.repeat(3));
  expect(tags.toArray()).toEqual(Array.from({ length: 1000 }, (_, i) => `text ${i} `.repeat(3)));
  const segments = toSegments(message);
  expect(segments.length - 1).toBeLessThanOrEqual(8);
  expect(joined(segments).length).toBeLessThan(60_000);
});

test('a large object gets what it needs, and the room left before is used up', () => {
  const message = new MessageBuilder();
  const root = message.initRoot(Telemetry);
  root._initFrame(1_000_000);
  root.name = 'small';
  const [header, first, second, ...more] = toSegments(message);
  expect([header?.length, second?.length, more.length]).toEqual([16, 1_000_008, 0]);
  expect(first?.length).toBe(8 + 32 + 72 + 8);
});

test('segments end at 511', () => {
  const { allocator } = dirtyMemory(new ArrayBuffer(1 << 20), 0, 16);
  const message = new MessageBuilder({ allocator });
  const tags = message.initRoot(Telemetry)._initTags(1000);
  let set = 0;
  expect(() => {
    for (; set < 1000; set++) tags.set(set, 'sixteen bytes it');
  }).toThrow(
    expect.objectContaining({
      code: 'CAPNP_LIMIT',
      message: 'a message has 511 segments at most: the allocator gave too small pieces',
    }),
  );
  const sent = new Message(joined(toSegments(message)), false);
  expect(sent._capnp.segments.length).toBe(511);
  expect(
    sent
      .getRoot(Telemetry)
      .tags.toArray()
      .filter((tag) => tag !== ''),
  ).toHaveLength(set);
});

test('given memory that is full is an error, unless there is more', () => {
  const message = new MessageBuilder({ allocator: fixedAllocator(new Uint8Array(200)) });
  const root = message.initRoot(Telemetry);
  root.name = 'fits';
  const limit = expect.objectContaining({
    code: 'CAPNP_LIMIT',
    message: expect.stringContaining('do not fit into the 200 bytes given'),
  });
  expect(() => root._initFrame(100)).toThrow(limit);
  expect([root.name, root._hasFrame()]).toEqual(['fits', false]);
  const invalid = expect.objectContaining({ code: 'CAPNP_INVALID' });
  expect(() => fixedAllocator(new Uint8Array(7))).toThrow(invalid);
  expect(() => heapAllocator({ firstBytes: 0 })).toThrow(invalid);
});

test('an allocator that gives too little is refused', () => {
  const allocator = { zeroed: true, allocate: (bytes: number) => new Uint8Array(Math.min(bytes, 24)) };
  const message = new MessageBuilder({ allocator });
  expect(() => message.initRoot(Telemetry)).toThrow(
    expect.objectContaining({
      code: 'CAPNP_INVALID',
      message: 'the allocator gave 24 bytes where 112 were asked for',
    }),
  );
});

test('memory that was detached meanwhile is not sent', () => {
  const memory = new Uint8Array(4096);
  const message = fullMessage(new MessageBuilder({ allocator: fixedAllocator(memory, (n) => new Uint8Array(n)) }));
  structuredClone(memory, { transfer: [memory.buffer] });
  expect(() => toSegments(message)).toThrow(
    expect.objectContaining({ code: 'CAPNP_INVALID', message: expect.stringContaining('detached') }),
  );
});

test('transferring takes the memory away from the message', () => {
  const message = fullMessage(new MessageBuilder());
  const payload = toZBytes(message, { ownership: 'transfer' });
  expect(contentOf(fromZBytes(payload))).toEqual(contentOf(fullMessage()));
  expect(() => toSegments(message)).toThrow(expect.objectContaining({ code: 'CAPNP_INVALID' }));
});

test('lengths that no list can have are refused, and leave the field as it was', () => {
  const root = fullMessage(new MessageBuilder()).getRoot(Telemetry);
  for (const [length, code] of [
    [-1, 'CAPNP_INVALID'],
    [0.5, 'CAPNP_INVALID'],
    [2 ** 29, 'CAPNP_LIMIT'],
  ] as const) {
    expect(() => root._initFrame(length)).toThrow(expect.objectContaining({ code }));
    expect(() => root._initReadings(length)).toThrow(expect.objectContaining({ code }));
  }
  expect(() => root._initReadings(2 ** 28)).toThrow(expect.objectContaining({ code: 'CAPNP_LIMIT' }));
  expect([root.frame.length, root.readings.length]).toEqual([1001, 40]);
});
