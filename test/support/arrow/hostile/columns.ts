// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  Binary,
  Bool,
  Decimal,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float64,
  Int8,
  Int32,
  LargeList,
  LargeUtf8,
  List,
  Map_,
  Null,
  Struct,
  Utf8,
} from 'apache-arrow';
import { type HostileCase, hostile, onlyFull } from './case.js';
import { type Claims, columnOf, valid } from './craft.js';

const DOUBLES = new Float64Array(8);
const float64 = new Float64();
const utf8 = new Utf8();
const nulls = new Field('item', new Null(), true);
const ints = new Field('item', new Int32(), true);
const pair = new Struct([new Field('key', utf8, false), new Field('value', new Int32(), true)]);

/** Eight doubles, of which the metadata claims something else. */
function doubles(claims: Claims): () => Uint8Array {
  return () => columnOf(float64, { parts: valid(DOUBLES), ...claims });
}

function offsets(...values: readonly number[]): () => Uint8Array {
  return () => columnOf(utf8, { rows: values.length - 1, parts: valid(Int32Array.from(values), new Uint8Array(6)) });
}

function largeOffsets(...values: readonly bigint[]): () => Uint8Array {
  const parts = valid(BigInt64Array.from(values), new Uint8Array(6));
  return () => columnOf(new LargeUtf8(), { rows: values.length - 1, parts });
}

function listOfNulls(...values: readonly number[]): () => Uint8Array {
  const rows = values.length - 1;
  return () =>
    columnOf(new List(nulls), {
      rows,
      nodes: [
        [rows, 0],
        [3, 3],
      ],
      parts: valid(Int32Array.from(values)),
    });
}

function fixedLists(size: number, rows: number, items: number): () => Uint8Array {
  return () =>
    columnOf(new FixedSizeList(size, ints), {
      rows,
      nodes: [
        [rows, 0],
        [items, 0],
      ],
      parts: valid(new Uint8Array(0), new Int32Array(Math.min(items, 64))),
    });
}

export const BUFFERS: readonly HostileCase[] = [
  hostile(
    'a million rows in an 8-byte buffer',
    doubles({ rows: 1e6, parts: valid(new Float64Array(1)) }),
    'INVALID',
    /overlap|needed/,
  ),
  hostile('rows without bytes', doubles({ rows: 1000 }), 'INVALID', /overlap|needed/),
  hostile('a body of a negative length', doubles({ bodyLength: -64 }), 'INVALID', /a body length of -64/),
  hostile(
    'a body beyond the payload',
    doubles({ bodyLength: 2 ** 40 }),
    'TRUNCATED',
    /a message body needs 1099511627776 bytes/,
  ),
  hostile(
    'a buffer that ends outside the body',
    doubles({
      regions: [
        [0, 0],
        [32, 64],
      ],
    }),
    'INVALID',
    /outside the body/,
  ),
  hostile(
    'a buffer that starts outside the body',
    doubles({
      regions: [
        [0, 0],
        [2 ** 40, 64],
      ],
    }),
    'INVALID',
    /outside the body/,
  ),
  hostile(
    'a buffer before the body',
    doubles({
      regions: [
        [0, 0],
        [-64, 64],
      ],
    }),
    'INVALID',
    /outside the body/,
  ),
  hostile(
    'a buffer of a negative length',
    doubles({
      regions: [
        [0, 0],
        [0, -64],
      ],
    }),
    'INVALID',
    /outside the body/,
  ),
  hostile(
    'a buffer whose end wraps around',
    doubles({
      regions: [
        [0, 0],
        [2 ** 52, 2 ** 52],
      ],
    }),
    'INVALID',
    /outside the body/,
  ),
  hostile(
    'a buffer of fewer bytes than its rows',
    doubles({
      regions: [
        [0, 0],
        [0, 56],
      ],
    }),
    'INVALID',
    /56 bytes where 64 are needed/,
  ),
  hostile('a missing buffer', doubles({ regions: [[0, 0]] }), 'INVALID', /too few buffers/),
  hostile(
    'a buffer too many',
    doubles({
      regions: [
        [0, 0],
        [0, 64],
        [0, 0],
      ],
    }),
    'INVALID',
    /more nodes or buffers/,
  ),
  hostile(
    'a node too many',
    doubles({
      nodes: [
        [8, 0],
        [8, 0],
      ],
    }),
    'INVALID',
    /more nodes or buffers/,
  ),
  hostile('a missing node', doubles({ nodes: [] }), 'INVALID', /no node for the column/),
  hostile(
    'buffers that overlap',
    () => {
      const fields = ['x', 'y', 'z'].map((name) => new Field(name, float64, true));
      const regions = fields.flatMap(
        () =>
          [
            [0, 0],
            [0, 64],
          ] as [number, number][],
      );
      const nodes = [...fields, 0].map((): [number, number] => [8, 0]);
      return columnOf(new Struct(fields), { nodes, parts: [DOUBLES], regions: [[0, 0], ...regions] });
    },
    'INVALID',
    /overlap/,
  ),
];

export const LENGTHS: readonly HostileCase[] = [
  hostile('more nulls than rows', doubles({ nodes: [[8, 9]] }), 'INVALID', /9 nulls among 8 values/),
  hostile('a negative number of nulls', doubles({ nodes: [[8, -1]] }), 'INVALID', /-1 nulls among 8 values/),
  hostile('nulls without a bitmap', doubles({ nodes: [[8, 1]] }), 'INVALID', /0 bytes where 1 are needed/),
  hostile('a negative number of rows', doubles({ rows: -1 }), 'INVALID', /-1 rows/),
  hostile('a column of a negative length', doubles({ nodes: [[-8, 0]] }), 'INVALID', /-8 values/),
  hostile(
    'a column longer than its batch',
    doubles({ rows: 7, nodes: [[8, 0]] }),
    'INVALID',
    /8 values in a batch of 7/,
  ),
  hostile('2^40 rows', doubles({ rows: 2 ** 40 }), 'LIMIT', /maxRows/),
  hostile(
    '2^52 rows of nulls',
    () => columnOf(new Null(), { rows: 2 ** 52, nodes: [[2 ** 52, 2 ** 52]] }),
    'LIMIT',
    /maxRows/,
  ),
  hostile(
    '2^26 rows of nulls',
    () => columnOf(new Null(), { rows: 2 ** 26, nodes: [[2 ** 26, 2 ** 26]] }),
    'LIMIT',
    /maxBytelessValues/,
  ),
  hostile(
    '2^26 values of no width',
    () => columnOf(new FixedSizeBinary(0), { rows: 2 ** 26, parts: valid(new Uint8Array(0)) }),
    'LIMIT',
    /maxBytelessValues/,
  ),
  hostile(
    '2^26 structs without fields',
    () => columnOf(new Struct([]), { rows: 2 ** 26, parts: valid() }),
    'LIMIT',
    /maxBytelessValues/,
  ),
  hostile('2^26 lists of no items', fixedLists(0, 2 ** 26, 0), 'LIMIT', /maxBytelessValues/),
  hostile(
    'a struct longer than its fields',
    () =>
      columnOf(pair, {
        nodes: [
          [8, 0],
          [8, 0],
          [7, 0],
        ],
        parts: valid(new Uint8Array(0), new Int32Array(9), new Uint8Array(0), new Uint8Array(0), new Int32Array(8)),
      }),
    'INVALID',
    /7 values where 8 are needed|fewer values/,
  ),
  hostile(
    'fixed lists whose items are 2^31 times 2^20',
    fixedLists(0x7fff_ffff, 2 ** 20, 64),
    'INVALID',
    /64 values where \d+ are needed/,
  ),
  hostile('fixed lists of too few items', fixedLists(3, 8, 23), 'INVALID', /23 values where 24 are needed/),
  hostile('fixed lists of a negative size', fixedLists(-1, 8, 8), 'INVALID', /values of -1/),
  hostile(
    'fixed binary of a negative width',
    () => columnOf(new FixedSizeBinary(-4), { parts: valid(DOUBLES) }),
    'INVALID',
    /values of -4/,
  ),
  hostile(
    'fixed binary of 2^31 bytes each',
    () => columnOf(new FixedSizeBinary(0x7fff_ffff), { rows: 2 ** 20, parts: valid(DOUBLES) }),
    'INVALID',
    /overlap|needed/,
  ),
  hostile(
    'a bitmap of too few bits',
    () => columnOf(new Bool(), { rows: 65, parts: valid(new Uint8Array(8)) }),
    'INVALID',
    /8 bytes where 9 are needed/,
  ),
  hostile(
    'decimals with less than 16 bytes',
    () => columnOf(new Decimal(2, 10, 128), { parts: valid(new Uint8Array(127)) }),
    'INVALID',
    /127 bytes where 128 are needed/,
  ),
  onlyFull(
    'a wrong number of nulls',
    () => columnOf(new Int8(), { nodes: [[8, 3]], parts: [Uint8Array.of(0xff), new Int8Array(8)] }),
    /3 nulls, and a bitmap of 0/,
  ),
];

export const OFFSETS: readonly HostileCase[] = [
  hostile('a list of nulls with an offset of 2e9', listOfNulls(0, 1, 2, 2e9), 'INVALID', /offsets beyond the items/),
  hostile('a list of nulls that starts at 2e9', listOfNulls(2e9, 2e9, 2e9, 2e9), 'INVALID', /offsets beyond the items/),
  hostile('list offsets that fall', listOfNulls(0, 2, 1, 3), 'INVALID', /offsets that fall/),
  hostile('list offsets that rise to 2e9 and fall', listOfNulls(0, 2e9, 0, 3), 'INVALID', /offsets that fall/),
  hostile('negative list offsets', listOfNulls(-1, 1, 2, 3), 'INVALID', /offsets that fall/),
  hostile(
    'large list offsets beyond 2^53',
    () =>
      columnOf(new LargeList(nulls), {
        rows: 1,
        nodes: [
          [1, 0],
          [3, 3],
        ],
        parts: valid(BigInt64Array.of(0n, 2n ** 62n)),
      }),
    'INVALID',
    /beyond 2\^53|beyond the items/,
  ),
  hostile(
    'a map whose offsets fall',
    () =>
      columnOf(new Map_(new Field('entries', pair, false) as never), {
        rows: 2,
        nodes: [
          [2, 0],
          [2, 0],
          [2, 0],
          [2, 0],
        ],
        parts: valid(
          Int32Array.of(0, 2, 1),
          new Uint8Array(0),
          ...valid(Int32Array.of(0, 0, 0), new Uint8Array(0)),
          ...valid(new Int32Array(2)),
        ),
      }),
    'INVALID',
    /offsets that fall/,
  ),
  hostile(
    'too few offsets',
    () => columnOf(utf8, { rows: 8, parts: valid(new Int32Array(8), new Uint8Array(64)) }),
    'INVALID',
    /32 bytes where 36 are needed/,
  ),
  hostile('a last text offset outside the values', offsets(0, 2, 4, 2e9), 'INVALID', /overlap|needed/),
  hostile('a negative first text offset', offsets(-1, 2, 4, 6), 'INVALID', /offsets that fall/),
  hostile('a last text offset before the first', offsets(4, 4, 4, 2), 'INVALID', /offsets that fall/),
  hostile('large text offsets beyond 2^53', largeOffsets(0n, 2n ** 62n), 'INVALID', /beyond 2\^53/),
  hostile('negative large text offsets', largeOffsets(-1n, 6n), 'INVALID', /offsets that fall/),
  hostile('text offsets that fall', offsets(0, 4, 2, 6), 'INVALID', /offsets that fall/),
  hostile('text offsets outside the values', offsets(0, 2e9, 4, 6), 'INVALID', /offsets that fall/),
  onlyFull(
    'binary offsets that fall',
    () => columnOf(new Binary(), { rows: 3, parts: valid(Int32Array.of(0, 4, 2, 6), new Uint8Array(6)) }),
    /offsets that fall/,
  ),
  hostile(
    'large text offsets that are no numbers',
    largeOffsets(0n, 2n ** 62n, 4n, 6n),
    'INVALID',
    /beyond 2\^53|offsets that fall/,
  ),
  onlyFull(
    'text that is not UTF-8',
    () => columnOf(utf8, { rows: 1, parts: valid(Int32Array.of(0, 2), Uint8Array.of(0xc3, 0x28)) }),
    /not UTF-8/,
  ),
];
