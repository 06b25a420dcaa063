// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { fixedAllocator, fromZBytes, MessageBuilder, toSegments, toZBytes } from '@zenoh-segments/capnp';
import { Message } from 'capnp-es';
import { Kinds } from '../../golden/capnp/kinds.js';
import { Telemetry } from '../../golden/capnp/telemetry.js';
import { seededBytes } from '../../support/seeded-bytes.js';
import { ADOPTED_LISTS } from './adopted-lists.js';
import { contentOf, fullMessage, joined } from './sample.js';

test.each([0, 1, 7, 8, 9, 1001])('%d bytes adopted as data are sent from where they are', (length) => {
  const memory = seededBytes(length + 1, length + 3);
  const bytes = memory.subarray(3);
  const message = new MessageBuilder();
  fullMessage(message);
  const root = message.getRoot(Telemetry);
  root._adoptFrame(message.adoptData(bytes));
  const expected = { ...contentOf(fullMessage()), frame: [...bytes] };
  expect(contentOf(message)).toEqual(expected);
  expect(root.frame.length).toBe(length);

  const segments = toSegments(message);
  const adopted = segments.filter(({ buffer }) => buffer === memory.buffer);
  expect(adopted.map(({ byteOffset, byteLength }) => [byteOffset, byteLength])).toEqual(
    length > 0 ? [[3, length]] : [],
  );
  const sent = joined(segments);
  expect(sent.length % 8).toBe(0);
  expect(Buffer.from(message.toArrayBuffer()).equals(sent)).toBe(true);
  expect(contentOf(new Message(sent, false))).toEqual(expected);
  expect(contentOf(new Message(message.toPackedArrayBuffer()))).toEqual(expected);
  const payload = toZBytes(message);
  payload.assertZeroCopy();
  expect(contentOf(fromZBytes(payload))).toEqual(expected);
  expect(contentOf(message.copy())).toEqual(expected);
  // Into a message of capnp-es's own.
  const stock = new Message().initRoot(Telemetry);
  stock.frame = root.frame;
  expect([...stock.frame.toUint8Array()]).toEqual([...bytes]);
});

test.each(ADOPTED_LISTS)('%s adopted as a list', (_, field, make) => {
  const numbers = make(5);
  const message = new MessageBuilder();
  const root = message.initRoot(Kinds);
  root[`_adopt${field}`](message.adoptList(numbers as never) as never);
  const name = `${field[0]?.toLowerCase()}${field.slice(1)}` as 'int8s';
  expect(root[name].toArray()).toEqual([...numbers]);
  expect(new Message(joined(toSegments(message)), false).getRoot(Kinds)[name].toArray()).toEqual([...numbers]);
  expect(toSegments(message).some(({ buffer }) => buffer === numbers.buffer)).toBe(true);
});

test('adopting 16 MB copies nothing and allocates next to nothing', () => {
  const frame = new Uint8Array(16 << 20).fill(1);
  const message = new MessageBuilder();
  message.initRoot(Telemetry)._adoptFrame(message.adoptData(frame));
  const payload = toZBytes(message);
  payload.assertZeroCopy();
  expect(payload.segments().map(({ byteLength }) => byteLength)).toEqual([16, 8 + 32 + 72 + 16, 16 << 20]);
  expect(payload.segments().at(-1)?.buffer).toBe(frame.buffer);
});

test('memory that no field leads to is not sent', () => {
  const message = new MessageBuilder();
  const root = message.initRoot(Telemetry);
  const [first, second, third] = [1, 2, 3].map((byte) => new Uint8Array(24).fill(byte)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const sent = () => toSegments(message).slice(2);
  // Never adopted.
  message.adoptData(first);
  expect(sent()).toEqual([]);
  root._adoptFrame(message.adoptData(first));
  root._adoptSpectrum(message.adoptList(new Float64Array([0.5])));
  expect(sent().length).toBe(2);
  // Replaced by other memory, and by memory of the message.
  root._adoptFrame(message.adoptData(second));
  expect([...root.frame.toUint8Array()]).toEqual([...second]);
  root._initFrame(1);
  expect(sent().map((part) => part.byteLength)).toEqual([8]);
  expect(contentOf(new Message(joined(toSegments(message)), false))).toMatchObject({ frame: [0], spectrum: [0.5] });
  // Its place in the table is used again.
  root._adoptFrame(message.adoptData(third));
  expect(message._capnp.segments.length).toBe(3);
  // Disowned, then adopted again.
  const orphan = root._disownFrame();
  expect(sent().map((part) => part.byteLength)).toEqual([8]);
  root.next._adoptFrame(orphan);
  expect([...root.next.frame.toUint8Array()]).toEqual([...third]);
  // With the struct that leads to it.
  root._initNext();
  expect(sent().map((part) => part.byteLength)).toEqual([8]);
  message.initRoot(Telemetry);
  expect(joined(sent()).length).toBe(0);
  for (const [i, memory] of [first, second, third].entries()) expect(memory).toEqual(new Uint8Array(24).fill(i + 1));
});

test('adopted memory is never written, and does not follow a copy', () => {
  const message = new MessageBuilder();
  const root = message.initRoot(Telemetry);
  const bytes = seededBytes(1, 100);
  const before = bytes.slice();
  root._adoptFrame(message.adoptData(bytes));
  root._adoptSpectrum(message.adoptList(new Float64Array([1, 2])));
  const readOnly = expect.objectContaining({ code: 'CAPNP_READ_ONLY' });
  expect(() => root.frame.set(0, 1)).toThrow(readOnly);
  expect(() => root.frame.copyBuffer(new Uint8Array(3))).toThrow(readOnly);
  expect(() => root.spectrum.set(0, 5)).toThrow(readOnly);
  root.next.frame = root.frame;
  root.next.frame.set(0, 255);
  expect(root.next.frame.get(0)).toBe(255);
  expect([...root.next.frame.toUint8Array().subarray(1)]).toEqual([...before.subarray(1)]);
  root._initFrame(3);
  expect(bytes).toEqual(before);
});

test('447 pieces are adopted at most, and building goes on', () => {
  const allocator = fixedAllocator(new Uint8Array(65_536), (bytes) => new Uint8Array(Math.max(bytes, 512)));
  const message = new MessageBuilder({ allocator });
  const datas = message.initRoot(Kinds)._initDatas(448);
  const adopt = (i: number) => message.adoptData(Uint8Array.of(i & 255))._moveTo(datas.get(i));
  for (let i = 0; i < 447; i++) adopt(i);
  const last = message.adoptData(Uint8Array.of(99));
  expect(() => last._moveTo(datas.get(447))).toThrow(
    expect.objectContaining({
      code: 'CAPNP_LIMIT',
      message: 'a message adopts 447 pieces of memory at most: copy the small ones',
    }),
  );
  // One leaves, so there is room for the one that was refused.
  message.adoptData(new Uint8Array(0))._moveTo(datas.get(0));
  last._moveTo(datas.get(447));
  const root = message.getRoot(Kinds);
  const texts = root._initTexts(60);
  for (let i = 0; i < 60; i++) texts.set(i, 'x'.repeat(480));
  const sent = new Message(joined(toSegments(message)), false).getRoot(Kinds);
  expect([sent.datas.length, sent.datas.get(446).get(0), sent.datas.get(447).get(0)]).toEqual([448, 446 & 255, 99]);
  expect(sent.texts.get(59)).toBe('x'.repeat(480));
});

test('adopted memory that was detached meanwhile is not sent', () => {
  const message = new MessageBuilder();
  const bytes = new Uint8Array(64);
  message.initRoot(Telemetry)._adoptFrame(message.adoptData(bytes));
  structuredClone(bytes, { transfer: [bytes.buffer] });
  expect(() => toSegments(message)).toThrow(
    expect.objectContaining({ code: 'CAPNP_INVALID', message: expect.stringContaining('detached') }),
  );
});

test('what is no typed array can not be adopted as a list', () => {
  const message = new MessageBuilder();
  expect(() => message.adoptList(new DataView(new ArrayBuffer(8)) as never)).toThrow(
    expect.objectContaining({ code: 'CAPNP_INVALID' }),
  );
});
