// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Content, Version } from './content.js';

/** What a program sets in a message; `unset` are lists, by their lengths, of whose elements it sets nothing. */
export interface Fields {
  readonly fields: Content;
  readonly unset?: { readonly [list: string]: number };
}

const point = (x: number) => ({ x, y: -x / 4 });
const newPoint = (x: number) => ({ ...point(x), z: x * 2, label: `point ${x}` });

const LISTS = ['path', 'markers', 'bytes', 'shorts', 'counts', 'weights', 'names', 'blobs', 'rows', 'points'];
const listsOf = (length: number) => Object.fromEntries(LISTS.map((list) => [list, length]));
const nothing: Fields = { fields: {} };
const noElements: Fields = { fields: { id: 1 }, unset: listsOf(0) };
const nullElements: Fields = { fields: { id: 1 }, unset: listsOf(3) };

const old: Fields = {
  fields: {
    id: 0xfedcba98,
    name: 'été',
    origin: point(8),
    path: [point(1), point(2), point(3)],
    markers: [{}, {}, {}],
    bytes: [0, 1, 254, 255, 7],
    shorts: [-32768, 0, 32767],
    counts: [-(2 ** 31), 5, 2 ** 31 - 1],
    weights: [0.5, -1e300],
    names: ['one', '', 'three'],
    blobs: ['', '00ff', '0102030405060708090a'],
    rows: [[1, 2, 3], [], [-1]],
    points: [[point(4)], [], [point(5), point(6)]],
    color: 'green',
    speed: 2.5,
    note: 'a note',
    result: { code: 404 },
  },
};

const changed: Content = {
  ...old.fields,
  origin: newPoint(8),
  path: [newPoint(1), newPoint(2), newPoint(3)],
  markers: [{ kind: 1, text: 'first' }, {}, { text: 'third' }],
  bytes: [{ value: 255, note: 'most' }, { value: 0 }, { value: 7 }],
  shorts: [{ value: -32768, more: 2 ** 40 }, { value: 32767 }],
  counts: [{ value: -(2 ** 31), factor: 3 }, { value: 5 }],
  weights: [{ value: -1e300, unit: 'g' }, { value: 0.5 }],
  names: [{ name: 'one', alias: 'eins', rank: 1 }, { alias: 'zwei' }, { name: 'three' }],
  blobs: [{ blob: '00ff' }, { blob: '' }],
  rows: [{ values: [1, 2, 3], title: 'first' }, {}, { values: [-1] }],
  points: [{ points: [newPoint(4)], closed: true }, {}, { points: [newPoint(5), newPoint(6)] }],
  color: 'blue',
  speed: undefined,
  note: undefined,
  motion: { speed: 2.5, heading: 270 },
  remark: { note: 'a note' },
  result: { failure: 'new' },
  retries: 3,
  enabled: false,
  title: 'a title',
  scale: [4],
  target: newPoint(9),
  raw: 'ffff',
  serial: 0,
};

/** What programs of each version send. */
export const sent: { readonly [version in Version]: { readonly [kind: string]: Fields } } = {
  old: { 'every field': old, nothing, 'empty lists': noElements, 'elements that nobody set': nullElements },
  new: {
    'every field': { fields: changed },
    'the other members': { fields: { ...changed, remark: { rating: 200 }, result: { code: 500 } } },
    nothing,
    'empty lists': noElements,
    'elements that nobody set': nullElements,
  },
};

/** Some of the fields that programs of a version set, and some of the elements of their lists. */
export function randomFields(version: Version, random: (below: number) => number): Fields {
  const kinds = Object.values(sent[version]).filter(({ unset }) => unset === undefined);
  const { fields } = kinds[random(kinds.length)] as Fields;
  const some = Object.entries(fields).flatMap(([name, value]) => {
    if (random(3) === 0) return [];
    return [[name, Array.isArray(value) ? value.filter(() => random(3) > 0) : value]];
  });
  const set: Content = Object.fromEntries(some);
  const unset = LISTS.filter((list) => !(list in set) && random(2) === 0).map((list) => [list, random(4)]);
  return { fields: set, unset: Object.fromEntries(unset) };
}
