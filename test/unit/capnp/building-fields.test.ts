// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { initElement, MessageBuilder, toSegments } from '@zenoh-segments/capnp';
import { BoolList, CompositeList, Int32List, Message, ObjectSize, Struct, TextList, utils } from 'capnp-es';
import { Kinds, Place } from '../../golden/capnp/kinds.js';
import { Telemetry } from '../../golden/capnp/telemetry.js';
import { joined } from './sample.js';

const DEFAULTS = {
  int8: -5,
  int16: -300,
  int32: -70_000,
  int64: -5_000_000_000n,
  uint8: 200,
  uint16: 60_000,
  uint32: 4_000_000_000,
  uint64: 18_000_000_000_000_000_000n,
  float32: 1.5,
  float64: -2.25,
  bit: true,
} as const;

const EXTREMES = {
  int8: [-128, 127],
  int16: [-32_768, 32_767],
  int32: [-2_147_483_648, 2_147_483_647],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint8: [0, 255],
  uint16: [0, 65_535],
  uint32: [0, 4_294_967_295],
  uint64: [0n, 2n ** 64n - 1n],
  float32: [-0.5, Number.POSITIVE_INFINITY],
  float64: [Number.MIN_VALUE, Number.NaN],
  bit: [false, true],
} as const;

test.each(Object.entries(DEFAULTS))('a number with a default: %s', (name, byDefault) => {
  const field = name as keyof typeof DEFAULTS;
  const root = new MessageBuilder().initRoot(Kinds);
  expect(root[field]).toBe(byDefault);
  for (const value of [...EXTREMES[field], byDefault]) {
    (root as unknown as Record<string, unknown>)[field] = value;
    expect(root[field]).toEqual(value);
    // The others stay.
    expect(Object.keys(DEFAULTS).map((key) => root[key as 'int8'])).toEqual(
      Object.entries(DEFAULTS).map(([key, other]) => (key === field ? value : other)),
    );
  }
  // A default is zero on the wire.
  expect(
    Buffer.from(joined(toSegments(root.segment.message)))
      .subarray(16)
      .every((byte) => byte === 0),
  ).toBe(true);
});

test('absent texts, data and lists read as empty or as their default, and nothing is written for the empty ones', () => {
  const message = new MessageBuilder();
  const root = message.initRoot(Telemetry);
  const before = joined(toSegments(message));
  expect([root.name, root.frame.length, root.readings.length, root.spectrum.toArray(), root.tags.toArray()]).toEqual([
    '',
    0,
    0,
    [],
    [],
  ]);
  expect([[...root.frame.toUint8Array()], root.frame.toDataView().byteLength, root.frame.toArrayBuffer()]).toEqual([
    [],
    0,
    new ArrayBuffer(0),
  ]);
  expect([root._hasFrame(), root._hasReadings(), root._hasTags()]).toEqual([false, false, false]);
  expect(joined(toSegments(message))).toEqual(before);
  // A struct is made, as in C++: it is about to be written.
  root.position.altitude = 2;
  expect([root._hasPosition(), root.position.altitude]).toEqual([true, 2]);
});

test('defaults of pointer fields', () => {
  const root = new MessageBuilder().initRoot(Kinds);
  expect(root.text).toBe('by default');
  expect([...root.data.toUint8Array()]).toEqual([1, 2, 255]);
  expect(root.numbers.toArray()).toEqual([1, 2]);
  expect([root.place.x, root.place.label]).toEqual([1, 'one']);
  // They are the message's own, and can be written.
  root.data.set(0, 9);
  root.numbers.set(1, 9);
  root.place.label = 'another';
  expect([root.data.get(0), root.numbers.get(1), root.place.label]).toEqual([9, 9, 'another']);
  const next = new MessageBuilder().initRoot(Kinds);
  expect([next.data.get(0), next.numbers.get(1), next.place.label]).toEqual([1, 2, 'one']);
  root.text = '';
  expect(root.text).toBe('');
});

test('an index outside a list is refused, for reading and writing', () => {
  const root = new MessageBuilder().initRoot(Kinds);
  const range = expect.objectContaining({ code: 'CAPNP_RANGE' });
  const lists = [
    root._initBits(3),
    root._initInt8s(3),
    root._initFloat64s(3),
    root._initTexts(3),
    root._initDatas(3),
    root._initNested(3),
    root._initPlaces(3),
    root._initData(3),
  ];
  for (const list of lists) {
    for (const index of [3, -1, 0.5, 2 ** 32]) expect(() => list.get(index)).toThrow(range);
  }
  expect(() => root.bits.set(3, true)).toThrow(range);
  expect(() => root.float64s.set(3, 1)).toThrow(range);
  expect(() => root.texts.set(3, 'x')).toThrow(range);
  expect(() => root.places.set(3, root.place)).toThrow(range);
  expect(() => initElement(root.nested, 3, 1)).toThrow(range);
  expect(() => new MessageBuilder().initRoot(Kinds).bits.get(0)).toThrow(range);
  // The element of a list that was made shorter.
  const place = root.places.get(2);
  root._initPlaces(1);
  expect(() => place.x).toThrow(range);
});

test('elements that are lists', () => {
  const message = new MessageBuilder();
  const root = message.initRoot(Kinds);
  const rows = root._initNested(2);
  initElement(rows, 0, 3).set(2, -7);
  initElement(rows, 1, 1).set(0, 5);
  initElement(root._initDatas(2), 1, 4).copyBuffer(Uint8Array.of(1, 2, 3, 4));
  initElement(root._initNestedPlaces(1), 0, 2).get(1).label = 'inside';
  initElement(rows, 1, 2);
  for (const read of [root, new Message(joined(toSegments(message)), false).getRoot(Kinds)]) {
    expect(read.nested.map((row) => row.toArray())).toEqual([
      [0, 0, -7],
      [0, 0],
    ]);
    expect([...read.datas.get(1).toUint8Array()]).toEqual([1, 2, 3, 4]);
    expect(read.nestedPlaces.get(0).get(1).label).toBe('inside');
  }
  const invalid = expect.objectContaining({ code: 'CAPNP_INVALID' });
  expect(() => initElement(root._initTexts(1) as never, 0, 1)).toThrow(invalid);
  expect(() => initElement(new Message().initRoot(Kinds)._initNested(1), 0, 1)).toThrow(invalid);
});

test('data longer and shorter than what is copied into it', () => {
  const frame = new MessageBuilder().initRoot(Telemetry)._initFrame(4);
  frame.copyBuffer(Uint8Array.of(1, 2, 3, 4, 5, 6));
  expect([...frame.toUint8Array()]).toEqual([1, 2, 3, 4]);
  frame.copyBuffer(Uint8Array.of(9).buffer);
  expect([...frame.toUint8Array()]).toEqual([9, 0, 0, 0]);
  expect(frame.toArrayBuffer()).toEqual(Uint8Array.of(9, 0, 0, 0).buffer);
});

test('texts of every length and script', () => {
  const root = new MessageBuilder().initRoot(Telemetry);
  for (const text of [
    '',
    'a',
    'é',
    '汉字',
    '👩‍🚀',
    'x'.repeat(1023),
    'ß'.repeat(1025),
    '\0in\0side',
    '汉'.repeat(70_000),
  ]) {
    root.name = text;
    expect(root.name).toBe(text);
  }
});

/** `Place` before it had a label, and before it had anything. */
class OldPlace extends Struct {
  static override readonly _capnp = { displayName: 'OldPlace', id: '1', size: new ObjectSize(8, 0) };
}
class EmptyPlace extends Struct {
  static override readonly _capnp = { displayName: 'EmptyPlace', id: '2', size: new ObjectSize(0, 0) };
}
class NewPlace extends Struct {
  static override readonly _capnp = { displayName: 'NewPlace', id: '3', size: new ObjectSize(16, 2) };
}
const OldPlaces = CompositeList(OldPlace);
const Places = CompositeList(Place);
const NewPlaces = CompositeList(NewPlace);

/** Room for one pointer to whatever. */
class Holder extends Struct {
  static override readonly _capnp = { displayName: 'Holder', id: '4', size: new ObjectSize(0, 1) };
}

test('structs of an older schema get room for what they lack', () => {
  const message = new MessageBuilder();
  const holder = message.initRoot(Holder);
  utils.initStructAt(0, EmptyPlace, holder);
  expect(utils.isNull(utils.getPointer(0, holder))).toBe(false);
  utils.setInt32(0, 5, utils.getStruct(0, OldPlace, holder));
  const place = utils.getStruct(0, Place, holder);
  expect([utils.getInt32(0, place), place.label]).toEqual([5, '']);
  place.label = 'grown';
  const larger = utils.getStruct(0, NewPlace, holder);
  expect([utils.getText(0, larger), utils.getText(1, larger)]).toEqual(['grown', '']);
  utils.setText(1, 'new', larger);
  // An older program goes on with the larger struct.
  expect(utils.getStruct(0, Place, holder).label).toBe('grown');
  const sent = new Message(joined(toSegments(message)), false).getRoot(Holder);
  expect(utils.getText(1, utils.getStruct(0, NewPlace, sent))).toBe('new');
});

test('lists of structs of an older schema, and lists of numbers that became structs', () => {
  const message = new MessageBuilder();
  const holder = message.initRoot(Holder);
  const old = utils.initList(0, OldPlaces, 3, holder);
  for (let i = 0; i < 3; i++) utils.setInt32(0, i + 1, old.get(i));
  const places = utils.getList(0, Places, holder);
  places.get(2).label = 'grown';
  const larger = utils.getList(0, NewPlaces, holder);
  utils.setText(1, 'new', larger.get(0));
  expect(larger.map((place) => [utils.getInt32(0, place), utils.getText(0, place), utils.getText(1, place)])).toEqual([
    [1, '', 'new'],
    [2, '', ''],
    [3, 'grown', ''],
  ]);
  const sent = new Message(joined(toSegments(message)), false).getRoot(Holder);
  expect(utils.getList(0, NewPlaces, sent).map((place) => utils.getText(0, place))).toEqual(['', '', 'grown']);

  // The first field is where the number or text was.
  utils.initList(0, Int32List, 3, holder).set(1, -5);
  expect(utils.getList(0, Places, holder).map((place) => [utils.getInt32(0, place), place.label])).toEqual([
    [0, ''],
    [-5, ''],
    [0, ''],
  ]);
  utils.initList(0, TextList, 2, holder).set(1, 'was a text');
  expect(utils.getList(0, Places, holder).map(({ label }) => label)).toEqual(['', 'was a text']);
  utils.initList(0, BoolList, 2, holder);
  expect(() => utils.getList(0, Places, holder)).toThrow(expect.objectContaining({ code: 'CAPNP_INVALID' }));
});
