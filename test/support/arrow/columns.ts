// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type BinaryKind,
  type Column,
  type ColumnType,
  type ColumnValue,
  type DecimalBits,
  type IntKind,
  nullOf,
  type TextKind,
  type UnionType,
} from './column.js';
import { UNITS } from './types.js';

/** Not a multiple of 8, so that bitmaps end inside a byte. */
export const ROWS = 77;

type Value = (row: number) => ColumnValue;
type NamedType = readonly [name: string, type: ColumnType, value: Value];

const texts = ['red', 'green', 'blue', '', 'a text too long for a view, été'];
const int32: ColumnType = { kind: 'int32' };
const utf8: ColumnType = { kind: 'utf8' };
const words: ColumnType = { kind: 'dictionary', index: 'int8', values: utf8 };
const point: ColumnType = {
  kind: 'struct',
  fields: [
    { name: 'x', type: { kind: 'float64' } },
    { name: 'label', type: utf8 },
    { name: 'at', type: { kind: 'timestamp', unit: 'ns', tz: null } },
  ],
};

const FLAT_TYPES: readonly NamedType[] = [
  ['null', { kind: 'null' }, () => null],
  ['bool', { kind: 'bool' }, (i) => i % 3 === 0],
  ...ints('int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'),
  ['float16', { kind: 'float16' }, (i) => special(i) ?? (i % 500) / 4],
  ['float32', { kind: 'float32' }, (i) => special(i) ?? -i / 8],
  ['float64', { kind: 'float64' }, (i) => special(i) ?? i / 3],
  ...(['utf8', 'large_utf8', 'utf8_view'] as TextKind[]).map((kind): NamedType => [kind, { kind }, someText]),
  ...(['binary', 'large_binary', 'binary_view'] as BinaryKind[]).map((kind): NamedType => [kind, { kind }, someBytes]),
  ['fixed binary', { kind: 'fixed_binary', width: 5 }, (i) => `${(i * 7) % 256}`.padStart(10, '0')],
  ...decimals(32, 64, 128, 256),
  ['decimal of hundreds', { kind: 'decimal', bits: 128, precision: 20, scale: -2 }, (i) => String(i - 40)],
  ['date32', { kind: 'date32' }, (i) => String(i * 700 - 20_000)],
  ['date64', { kind: 'date64' }, (i) => String((i * 700 - 20_000) * 86_400_000)],
  ...UNITS.map((unit): NamedType => [`time ${unit}`, { kind: 'time', unit }, (i) => String((i * 1117) % 86_400)]),
  ['timestamp s', { kind: 'timestamp', unit: 's', tz: null }, (i) => String(i * 100_000_000 - 7)],
  ['timestamp ms', { kind: 'timestamp', unit: 'ms', tz: 'Europe/Berlin' }, (i) => String(i * 1_234_567_891)],
  ['timestamp us', { kind: 'timestamp', unit: 'us', tz: null }, (i) => String(-i * 1_234_567_891_234)],
  ['timestamp ns', { kind: 'timestamp', unit: 'ns', tz: 'UTC' }, (i) => String(1_700_000_000_000_000_001n + BigInt(i))],
  ...UNITS.map((unit): NamedType => [`duration ${unit}`, { kind: 'duration', unit }, (i) => `${i * -1_000_003}`]),
  ['interval of months', { kind: 'interval_months' }, (i) => [`${i * 7 - 100}`]],
  ['interval of days', { kind: 'interval_days' }, (i) => [`${i - 20}`, `${i * 86_399}`]],
  [
    'interval of nanos',
    { kind: 'interval_nanos' },
    (i) => [`${i}`, `${-i}`, `${(2n ** 60n - 1n) * BigInt(1 - (i % 3))}`],
  ],
  ['dictionary int8', words, text],
  ['dictionary uint16', { kind: 'dictionary', index: 'uint16', values: { kind: 'int64' } }, (i) => String(i % 5)],
  ['dictionary int32', { kind: 'dictionary', index: 'int32', values: utf8 }, text],
];

const NESTED_TYPES: readonly NamedType[] = [
  ['list of int32', list(int32), (i) => repeat(i % 4, (k) => (k === 2 ? null : String(i - k)))],
  ['list of utf8', list(utf8), (i) => repeat(i % 3, (k) => `${i}:${k}`)],
  ['list of bool', list({ kind: 'bool' }), (i) => repeat(i % 6, (k) => k > 2)],
  ['list of lists', list(list({ kind: 'uint8' })), (i) => repeat(i % 3, (k) => repeat(k + 1, String))],
  ['large list', { kind: 'large_list', item: utf8 }, (i) => repeat(i % 3, (k) => text(i + k))],
  [
    'fixed list',
    { kind: 'fixed_list', size: 3, item: int32 },
    (i) => repeat(3, (k) => (k === 1 ? null : String(i + k))),
  ],
  ['struct', point, (i) => ({ x: i / 2, label: i % 4 === 0 ? null : `p${i}`, at: String(i * 1_000_000_007) })],
  ['list of struct', list(point), (i) => repeat(i % 2, (k) => ({ x: k, label: 'a', at: null }))],
  [
    'map',
    { kind: 'map', sorted: true, key: utf8, value: int32 },
    (i) => repeat(i % 4, (k) => [`${k}`, k === 1 ? null : String(i)]),
  ],
  ['dense union', union('dense_union'), unionValue],
  ['sparse union', union('sparse_union'), unionValue],
  ['list of dictionary', list(words), (i) => repeat(i % 3, (k) => text(i + k))],
  ['struct of dictionary', { kind: 'struct', fields: [{ name: 'w', type: words }] }, (i) => ({ w: text(i) })],
  [
    'dictionary of struct',
    { kind: 'dictionary', index: 'int16', values: point },
    (i) => ({ x: i % 4, label: null, at: '5' }),
  ],
  [
    'dictionary of lists of dictionary',
    { kind: 'dictionary', index: 'uint8', values: list(words) },
    (i) => repeat(i % 3, text),
  ],
];

const TYPES: readonly NamedType[] = [...FLAT_TYPES, ...NESTED_TYPES];

/** What each type is put into. */
const NESTS: Readonly<Record<string, (type: ColumnType, value: Value) => readonly [ColumnType, Value]>> = {
  list: (type, value) => [list(type), (i) => repeat(i % 4, (k) => (k === 2 ? nullOf(type) : value(i + k)))],
  'large list': (type, value) => [{ kind: 'large_list', item: type }, (i) => repeat(i % 3, (k) => value(i * k))],
  'fixed list': (type, value) => [{ kind: 'fixed_list', size: 2, item: type }, (i) => [value(i), nullOf(type)]],
  struct: (type, value) => [
    {
      kind: 'struct',
      fields: [
        { name: 'a', type },
        { name: 'b', type: list(type) },
      ],
    },
    (i) => ({ a: i % 5 === 0 ? nullOf(type) : value(i), b: [value(i)].slice(i % 2) }),
  ],
  map: (type, value) => [
    { kind: 'map', sorted: false, key: utf8, value: type },
    (i) => repeat(i % 3, (k) => [`${k}`, value(i + k)]),
  ],
  'dense union': (type, value) => [
    {
      kind: 'dense_union',
      ids: [0, 7],
      fields: [
        { name: 'a', type },
        { name: 'b', type: utf8 },
      ],
    },
    (i) => (i % 3 === 1 ? [7, text(i)] : [0, value(i)]),
  ],
  'sparse union': (type, value) => [
    {
      kind: 'sparse_union',
      ids: [3, 1],
      fields: [
        { name: 'a', type },
        { name: 'b', type: utf8 },
      ],
    },
    (i) => (i % 3 === 1 ? [1, text(i)] : [3, value(i)]),
  ],
};

/** One column of each type; with nulls, every third value is null. */
export function allColumns(nulls: boolean, rows = ROWS): Column[] {
  return columnsOf(TYPES, nulls, rows);
}

/** Each type inside each that can hold one. */
export function nestedColumns(nulls: boolean, rows = ROWS): Column[] {
  const nested = Object.entries(NESTS).flatMap(([outer, nest]) =>
    TYPES.map(([name, type, value]): NamedType => [`${outer} < ${name}`, ...nest(type, value)]),
  );
  return columnsOf(nested, nulls, rows);
}

/** The rows [start, end). */
export function sliced(columns: readonly Column[], start: number, end: number): Column[] {
  return columns.map((column) => ({ ...column, values: column.values.slice(start, end) }));
}

function columnsOf(types: readonly NamedType[], nulls: boolean, rows: number): Column[] {
  return types.map(([name, type, value]) => ({
    name,
    type,
    values: repeat(rows, (row) => (nulls && row % 3 === 1 ? nullOf(type) : value(row))),
  }));
}

function repeat<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function list(item: ColumnType): ColumnType {
  return { kind: 'list', item };
}

function union(kind: UnionType['kind']): ColumnType {
  return {
    kind,
    ids: [5, 2],
    fields: [
      { name: 'number', type: int32 },
      { name: 'text', type: utf8 },
    ],
  };
}

function unionValue(row: number): ColumnValue {
  return row % 3 === 0 ? [2, text(row)] : [5, row % 3 === 1 ? String(row) : null];
}

function text(row: number): ColumnValue {
  return texts[row % texts.length]!;
}

/** Of 0 to 28 bytes: a view holds up to 12 itself. */
function someText(row: number): ColumnValue {
  return 'é😀x'.repeat(row % 5);
}

function someBytes(row: number): ColumnValue {
  return Buffer.from(repeat(row % 17, (k) => (row * 31 + k * 7) % 256)).toString('hex');
}

function special(row: number): ColumnValue | undefined {
  return ['NaN', 'Infinity', '-Infinity', '-0'][row];
}

/** From the smallest value of the type to the largest. */
function ints(...kinds: IntKind[]): NamedType[] {
  return kinds.map((kind) => {
    const bits = BigInt(kind.replace(/\D+/, ''));
    const low = kind.startsWith('u') ? 0n : -(1n << (bits - 1n));
    return [kind, { kind }, (row) => String(low + span((1n << bits) - 1n, row))];
  });
}

/** All digits that the width has room for, of both signs. */
function decimals(...widths: DecimalBits[]): NamedType[] {
  return widths.map((bits) => {
    const precision = { 32: 9, 64: 18, 128: 38, 256: 76 }[bits];
    const most = 10n ** BigInt(precision) - 1n;
    return [
      `decimal${bits}`,
      { kind: 'decimal', bits, precision, scale: 3 },
      (row) => `${span(2n * most, row) - most}`,
    ];
  });
}

/** 0 in the first row, `all` in the last of {@link ROWS}. */
function span(all: bigint, row: number): bigint {
  return (all * BigInt(row % ROWS)) / BigInt(ROWS - 1);
}
