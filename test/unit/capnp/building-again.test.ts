// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { fixedAllocator, heapAllocator, initElement, MessageBuilder, toSegments } from '@zenoh-segments/capnp';
import { Message } from 'capnp-es';
import { Kinds, Place } from '../../golden/capnp/kinds.js';
import { Telemetry } from '../../golden/capnp/telemetry.js';
import { contentOf, fullMessage, joined } from './sample.js';

// Setting a pointer field once more: what it led to is zeroed, and nothing beside it.

const ALLOCATORS = [
  ['one segment', () => heapAllocator({ firstBytes: 65_536 })],
  ['many segments', () => fixedAllocator(new Uint8Array(8), (bytes) => new Uint8Array(bytes).fill(0xee))],
] as const;

const SETTERS: Readonly<Record<string, (root: Telemetry) => void>> = {
  'a text': (root) => {
    root.name = 'a new name, and a longer one';
  },
  'a data': (root) => root._initFrame(5).copyBuffer(Uint8Array.of(1, 2, 3, 4, 5)),
  'a struct': (root) => {
    root._initPosition().altitude = 1;
  },
  'a list of structs': (root) => {
    root._initReadings(2).get(1).sensor = 'only this';
  },
  'a list of numbers': (root) => root._initSpectrum(3).set(2, 7),
  'a list of texts': (root) => root._initTags(4).set(3, 'x'),
  'a list of bits': (root) => root._initMarks(20).set(19, true),
  'a struct inside': (root) => {
    root._initNext().name = 'inside';
  },
  'a member of a union': (root) => {
    root.extra.retryAfter = 5;
    root.extra.error = 'again';
  },
};

for (const [where, allocator] of ALLOCATORS) {
  test.each(Object.entries(SETTERS))(`in ${where}: %s set again reads as when set once`, (_, set) => {
    const once = fullMessage(new Message());
    const fresh = new Message();
    // Stock can't set a field twice: the judge's field is set where it is still null.
    set(fresh.initRoot(Telemetry));
    const other = contentOf(fresh);
    const before = contentOf(once);
    const untouched = contentOf(new Message());
    const expected = Object.fromEntries(
      Object.entries(before).map(([key, value]) => {
        const changed = JSON.stringify(other[key], bigints) !== JSON.stringify(untouched[key], bigints);
        return [key, changed ? other[key] : value];
      }),
    );
    const message = fullMessage(new MessageBuilder({ allocator: allocator() }));
    for (let round = 0; round < 3; round++) {
      set(message.getRoot(Telemetry));
      expect(contentOf(message)).toEqual(expected);
    }
    expect(contentOf(new Message(joined(toSegments(message)), false))).toEqual(expected);
  });

  test(`in ${where}: what was replaced is zeroed, down to the last word`, () => {
    const message = fullMessage(new MessageBuilder({ allocator: allocator() }));
    message.initRoot(Telemetry);
    const rest = toSegments(message)
      .slice(1)
      .flatMap((segment) => [...new BigUint64Array(Uint8Array.from(segment).buffer)])
      .filter((word) => word !== 0n);
    // The root pointer, and its landing pad when the struct has no room in the first segment.
    expect(rest.length).toBe(where === 'one segment' ? 1 : 2);
  });
}

function bigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

test('nothing leaves what another field leads to', () => {
  const message = new MessageBuilder();
  const root = message.initRoot(Kinds);
  // Neighbours in memory, so that one byte too many shows.
  root.text = 'first';
  root._initInt64s(3).set(0, -1n);
  root._initPlaces(2).get(0).label = 'a';
  root._initTexts(2).set(0, 'b');
  root._initNestedPlaces(2);
  initElement(root.nestedPlaces, 1, 2).get(1).label = 'deep';
  root._initUint8s(9).set(8, 255);
  const read = () => ({
    text: root.text,
    int64s: root.int64s.toArray(),
    labels: root.places.map(({ x, label }) => [x, label]),
    texts: root.texts.toArray(),
    deep: root.nestedPlaces.get(1).map(({ label }) => label),
    uint8s: root.uint8s.toArray(),
  });
  const before = read();
  expect(before.deep).toEqual(['', 'deep']);
  const all: readonly (readonly [keyof typeof before, () => unknown, unknown])[] = [
    ['text', () => Object.assign(root, { text: '' }), ''],
    ['int64s', () => root._initInt64s(1), [0n]],
    ['labels', () => root._initPlaces(1), [[-70000, '']]],
    ['texts', () => root._initTexts(1), ['']],
    ['deep', () => initElement(root.nestedPlaces, 1, 0), []],
    ['uint8s', () => root._initUint8s(2), [0, 0]],
  ];
  let expected = before;
  for (const [field, set, value] of all) {
    set();
    expected = { ...expected, [field]: value };
    expect(read()).toEqual(expected);
  }
});

test('a copy over what is there, over a part of itself, and over itself', () => {
  const source = fullMessage(new MessageBuilder()).getRoot(Telemetry);
  const message = fullMessage(new MessageBuilder());
  const root = message.getRoot(Telemetry);
  root.next = source;
  expect(root.next.readings.get(39).sensor).toBe('sensor 39');
  expect(root.next.next.sequence).toBe(2n);
  // What replaces a struct is inside that struct.
  root.next = root.next.next;
  expect([root.next.sequence, root.next._hasNext()]).toEqual([2n, false]);
  root.next = root;
  expect([root.next.name, root.next.next.sequence, root.next.next._hasNext()]).toEqual([root.name, 2n, false]);
  const { readings } = root;
  root.readings = readings;
  expect(root.readings.get(39).sensor).toBe('sensor 39');
});

test('an element of a list of structs is set as a whole, where it is', () => {
  const message = new MessageBuilder();
  const places = message.initRoot(Kinds)._initPlaces(3);
  for (let i = 0; i < 3; i++) {
    places.get(i).x = i;
    places.get(i).label = `place ${i}`;
  }
  const other = new Message().initRoot(Place);
  other.x = 7;
  other.label = 'from elsewhere';
  places.set(1, other);
  places.set(2, places.get(0));
  places.set(0, places.get(1));
  expect(places.map(({ x, label }) => [x, label])).toEqual([
    [7, 'from elsewhere'],
    [7, 'from elsewhere'],
    [0, 'place 0'],
  ]);
  const sent = new Message(joined(toSegments(message)), false).getRoot(Kinds);
  expect(sent.places.map(({ label }) => label)).toEqual(['from elsewhere', 'from elsewhere', 'place 0']);
});

test('an orphan is adopted once, in its message, where a pointer is', () => {
  const message = fullMessage(new MessageBuilder({ allocator: heapAllocator({ firstBytes: 8 }) }));
  const root = message.getRoot(Telemetry);
  const expected = contentOf(message);
  const invalid = (text: string) =>
    expect.objectContaining({ code: 'CAPNP_INVALID', message: expect.stringContaining(text) });

  const position = root._disownPosition();
  const readings = root._disownReadings();
  const tags = root._disownTags();
  expect([root._hasPosition(), root._hasReadings(), root._hasTags()]).toEqual([false, false, false]);
  const elsewhere = fullMessage(new MessageBuilder()).getRoot(Telemetry);
  expect(() => elsewhere._adoptTags(tags)).toThrow(invalid('its own message'));
  expect(() => new Message().initRoot(Telemetry)._adoptTags(tags)).toThrow(invalid('its own message'));
  const stock = fullMessage().getRoot(Telemetry)._disownTags();
  expect(() => root._adoptTags(stock)).toThrow(invalid('its own message'));
  root._adoptPosition(position);
  root._initReadings(3).get(0).sensor = 'replaced by the next line';
  root._adoptReadings(readings);
  root._adoptTags(tags);
  expect(contentOf(message)).toEqual(expected);
  expect(() => root._adoptTags(tags)).toThrow(invalid('adopted or disposed before'));
  expect(contentOf(message)).toEqual(expected);

  const dropped = root._disownTags();
  dropped.dispose();
  dropped.dispose();
  expect(() => root._adoptTags(dropped)).toThrow(invalid('adopted or disposed before'));
  // Null is adopted as null.
  root._adoptTags(root._disownTags());
  expect(root._hasTags()).toBe(false);
  expect(contentOf(message)).toEqual({ ...expected, tags: [] });
});

test('what was disowned can not be written through its old object', () => {
  const root = fullMessage(new MessageBuilder()).getRoot(Telemetry);
  const { position } = root;
  root._disownPosition();
  expect(() => {
    position.altitude = 1;
  }).toThrow(expect.objectContaining({ code: 'CAPNP_INVALID', message: expect.stringContaining('was disowned') }));
});
