// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { fromZBytes, type ReceivedMessage, toSegments } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { Message, type Pointer, utils } from 'capnp-es';
import { Telemetry } from '../../golden/capnp/telemetry.js';
import { contentOf, fullMessage, inside, joined } from './sample.js';

/** The index in the pointer section of a field of `Telemetry`. */
const field = { name: 0, frame: 1, position: 2, readings: 3, spectrum: 4, tags: 5 };

/** A full message with one of its pointers (or what it points to) tampered with, amid memory of others. */
function tampered(index: number, tamper: (words: DataView, pointer: number, content: number) => void): ReceivedMessage {
  const message = fullMessage();
  const pointer: Pointer = utils.getPointer(index, message.getRoot(Telemetry));
  const content = utils.getContent(pointer);
  tamper(new DataView(message.getSegment(0).buffer), pointer.byteOffset, content.byteOffset);
  return fromZBytes(new ZBytes(inside(joined(toSegments(message)), 5)));
}

const MAX_LIST = 2 ** 29 - 1;

test.each([
  [
    'a list of 2^29-1 numbers',
    'CAPNP_INVALID',
    field.spectrum,
    setCount(MAX_LIST),
    (t: Telemetry) => t.spectrum.toArray(),
  ],
  ['a list one too long', 'CAPNP_INVALID', field.spectrum, setCount(1000), (t: Telemetry) => t.spectrum.length],
  ['a list of bytes for numbers', 'CAPNP_INVALID', field.spectrum, setKind(2), (t: Telemetry) => t.spectrum.length],
  ['data of 2^29-1 bytes', 'CAPNP_INVALID', field.frame, setCount(MAX_LIST), (t: Telemetry) => t.frame.toUint8Array()],
  [
    'data of 2^29-1 bytes, as an array',
    'CAPNP_INVALID',
    field.frame,
    setCount(MAX_LIST),
    (t: Telemetry) => t.frame.toArray(),
  ],
  ['data past the end', 'CAPNP_INVALID', field.frame, setCount(100_000), (t: Telemetry) => t.frame.toDataView()],
  ['a text of 2^29-1 bytes', 'CAPNP_INVALID', field.name, setCount(MAX_LIST), (t: Telemetry) => t.name],
  ['a text without NUL', 'CAPNP_INVALID', field.name, setCount(3), (t: Telemetry) => t.name],
  ['structs beyond their list', 'CAPNP_INVALID', field.readings, setTag(41 << 2), (t: Telemetry) => t.readings.length],
  [
    'a negative number of structs',
    'CAPNP_INVALID',
    field.readings,
    setTag(-1 << 2),
    (t: Telemetry) => t.readings.length,
  ],
  ['2^26 structs of no size', 'CAPNP_LIMIT', field.readings, setEmptyTag(2 ** 26), (t: Telemetry) => t.readings.length],
])('%s: %s', (_, code, index, tamper, read) => {
  const root = tampered(index, tamper).getRoot(Telemetry);
  expect(() => read(root)).toThrow(expect.objectContaining({ code }));
});

test.each([
  ['a root that is a list', (words: DataView) => words.setUint32(0, 1, true)],
  ['a root in a segment that is not there', (words: DataView) => setWord(words, 0, 2, 77)],
  ['a root far beyond its segment', (words: DataView) => words.setUint32(0, 0x7ffffffc, true)],
])('%s is refused by getRoot', (_, tamper) => {
  const message = tampered(0, tamper);
  expect(() => message.getRoot(Telemetry)).toThrow(expect.objectContaining({ code: 'CAPNP_INVALID' }));
});

test('a pointer beyond the segment never reads the neighbour', () => {
  const root = tampered(field.position, (words, pointer) => words.setInt32(pointer, 1200 << 2, true)).getRoot(
    Telemetry,
  );
  expect(() => root.position.latitude).toThrow(expect.objectContaining({ code: 'CAPNP_INVALID' }));
});

test('a cycle ends at the depth limit', () => {
  const message = fullMessage();
  // A root whose next is the root.
  const next = utils.getPointer(8, message.getRoot(Telemetry));
  setWord(new DataView(message.getSegment(0).buffer), next.byteOffset, -(next.byteOffset / 8) << 2, 0x00090004);
  const payload = new ZBytes(joined(toSegments(message)));
  expect(walk(fromZBytes(payload))).toBe(63);
  expect(walk(fromZBytes(payload, { depth: 10 }))).toBe(9);
});

test('many pointers to one text end at the traversal limit', () => {
  const message = new Message();
  const tags = message.initRoot(Telemetry)._initTags(2000);
  tags.set(0, 'x'.repeat(1_000_000));
  const { byteOffset, segment } = utils.getContent(tags);
  const words = new DataView(segment.buffer);
  for (let i = 1; i < 2000; i++) {
    setWord(
      words,
      byteOffset + 8 * i,
      words.getInt32(byteOffset, true) - (i << 2),
      words.getUint32(byteOffset + 4, true),
    );
  }
  const root = fromZBytes(new ZBytes(joined(toSegments(message)))).getRoot(Telemetry);
  expect(root.tags.get(1999)).toHaveLength(1_000_000);
  expect(() => root.tags.toArray()).toThrow(expect.objectContaining({ code: 'CAPNP_LIMIT' }));
});

test.each([
  ['structs', setEmptyTag(35_000_000)],
  ['voids', setVoids(35_000_000)],
])('a copy is not made of millions of %s without size', (_, tamper) => {
  const payload = tampered(field.readings, tamper).payload;
  expect(() => fromZBytes(payload).copy()).toThrow(expect.objectContaining({ code: 'CAPNP_LIMIT' }));
});

test('each getRoot starts a new traversal budget', () => {
  const message = fromZBytes(new ZBytes(joined(toSegments(fullMessage()))), { traversalBytes: 10_000 });
  const readMany = (times: number) => {
    const root = message.getRoot(Telemetry);
    let sum = 0;
    for (let i = 0; i < times; i++) sum += root.readings.get(2).sensor.length;
    expect(sum).toBe('sensor 2'.length * times);
  };
  expect(() => readMany(10_000)).toThrow(expect.objectContaining({ code: 'CAPNP_LIMIT' }));
  for (let i = 0; i < 100; i++) readMany(100);
});

test('a field that is read again from the same object costs nothing', () => {
  const message = fromZBytes(new ZBytes(joined(toSegments(fullMessage()))), { traversalBytes: 10_000 });
  const root = message.getRoot(Telemetry);
  for (let i = 0; i < 10_000; i++) {
    expect([root.position.latitude, root.name.length, root.readings.length, root.frame.length]).toEqual([
      52.5, 17, 40, 1001,
    ]);
  }
});

test('random damage gives values or errors, and never writes to or reads beside the payload', () => {
  const sent = joined(toSegments(fullMessage()));
  let seed = 1;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let round = 0; round < 1000; round++) {
    const bytes = inside(sent, 1);
    for (let i = 0; i <= random(4); i++) bytes[8 + random(bytes.length - 8)] = random(256);
    const memory = new Uint8Array(bytes.buffer);
    const before = Uint8Array.from(memory);
    try {
      const { frame } = contentOf(fromZBytes(new ZBytes(bytes)));
      expect((frame as number[]).length).toBeLessThanOrEqual(sent.length);
    } catch (error) {
      expect(error).toMatchObject({
        name: 'CapnpPayloadError',
        code: expect.stringMatching(/^CAPNP_(INVALID|LIMIT|RANGE)$/),
      });
    }
    expect(Buffer.compare(memory, before)).toBe(0);
  }
});

function walk(message: Message): number {
  let steps = 0;
  let at = message.getRoot(Telemetry);
  try {
    for (; ; steps++) at = at.next;
  } catch (error) {
    expect(error).toMatchObject({ name: 'CapnpPayloadError', code: 'CAPNP_LIMIT' });
    return steps;
  }
}

function setWord(words: DataView, at: number, low: number, high: number): void {
  words.setInt32(at, low, true);
  words.setUint32(at + 4, high, true);
}

function setCount(count: number) {
  return (words: DataView, pointer: number) => {
    words.setUint32(pointer + 4, ((words.getUint32(pointer + 4, true) & 7) | (count << 3)) >>> 0, true);
  };
}

function setKind(kind: number) {
  return (words: DataView, pointer: number) => {
    words.setUint32(pointer + 4, (words.getUint32(pointer + 4, true) & ~7) | kind, true);
  };
}

function setTag(low: number) {
  return (words: DataView, _: number, content: number) => words.setInt32(content - 8, low, true);
}

function setVoids(count: number) {
  return (words: DataView, pointer: number) => words.setUint32(pointer + 4, (count << 3) >>> 0, true);
}

function setEmptyTag(count: number) {
  return (words: DataView, _: number, content: number) => setWord(words, content - 8, count << 2, 0);
}
