// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Column, ColumnType, ColumnValue, IntKind } from './column.js';

/** Not a multiple of 8, so that bitmaps end inside a byte. */
export const ROWS = 77;

const point: ColumnType = {
  kind: 'struct',
  fields: [
    { name: 'x', type: { kind: 'float64' } },
    { name: 'label', type: { kind: 'utf8' } },
    { name: 'at', type: { kind: 'timestamp', unit: 'ns', tz: null } },
  ],
};
const colours = ['red', 'green', 'blue', '', 'a colour with a long name, été'];
const words: ColumnType = { kind: 'dictionary', index: 'int8', values: { kind: 'utf8' } };

type Value = (row: number) => ColumnValue;

const TYPES: readonly (readonly [string, ColumnType, Value])[] = [
  ['null', { kind: 'null' }, () => null],
  ['bool', { kind: 'bool' }, (i) => i % 3 === 0],
  ...ints('int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'),
  ['float16', { kind: 'float16' }, (i) => special(i) ?? i / 4],
  ['float32', { kind: 'float32' }, (i) => special(i) ?? -i / 8],
  ['float64', { kind: 'float64' }, (i) => special(i) ?? i / 3],
  ['utf8', { kind: 'utf8' }, (i) => 'é😀x'.repeat(i % 5)],
  ['date32', { kind: 'date32' }, (i) => String(i * 700 - 20_000)],
  ['date64', { kind: 'date64' }, (i) => String((i * 700 - 20_000) * 86_400_000)],
  ['timestamp s', { kind: 'timestamp', unit: 's', tz: null }, (i) => String(i * 100_000_000 - 7)],
  ['timestamp ms', { kind: 'timestamp', unit: 'ms', tz: 'Europe/Berlin' }, (i) => String(i * 1_234_567_891)],
  ['timestamp us', { kind: 'timestamp', unit: 'us', tz: null }, (i) => String(-i * 1_234_567_891_234)],
  ['timestamp ns', { kind: 'timestamp', unit: 'ns', tz: 'UTC' }, (i) => String(1_700_000_000_000_000_001n + BigInt(i))],
  ['list of int32', list({ kind: 'int32' }), (i) => repeat(i % 4, (k) => (k === 2 ? null : String(i - k)))],
  ['list of utf8', list({ kind: 'utf8' }), (i) => repeat(i % 3, (k) => `${i}:${k}`)],
  ['list of bool', list({ kind: 'bool' }), (i) => repeat(i % 6, (k) => k > 2)],
  ['list of lists', list(list({ kind: 'uint8' })), (i) => repeat(i % 3, (k) => repeat(k + 1, String))],
  ['struct', point, (i) => ({ x: i / 2, label: i % 4 === 0 ? null : `p${i}`, at: String(i * 1_000_000_007) })],
  ['list of struct', list(point), (i) => repeat(i % 2, (k) => ({ x: k, label: 'a', at: null }))],
  ['dictionary int8', words, colour],
  ['dictionary uint16', { kind: 'dictionary', index: 'uint16', values: { kind: 'int64' } }, (i) => String(i % 5)],
  ['dictionary int32', { kind: 'dictionary', index: 'int32', values: { kind: 'utf8' } }, colour],
  ['list of dictionary', list(words), (i) => repeat(i % 3, (k) => colour(i + k))],
  ['struct of dictionary', { kind: 'struct', fields: [{ name: 'w', type: words }] }, (i) => ({ w: colour(i) })],
];

/** One column of each type that is carried; with nulls, every third value is null. */
export function allColumns(nulls: boolean, rows = ROWS): Column[] {
  return TYPES.map(([name, type, value]) => ({
    name,
    type,
    values: repeat(rows, (row) => (nulls && row % 3 === 1 ? null : value(row))),
  }));
}

/** The rows [start, end). */
export function sliced(columns: readonly Column[], start: number, end: number): Column[] {
  return columns.map((column) => ({ ...column, values: column.values.slice(start, end) }));
}

function repeat<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function list(item: ColumnType): ColumnType {
  return { kind: 'list', item };
}

function colour(row: number): ColumnValue {
  return colours[row % colours.length] ?? null;
}

function special(row: number): ColumnValue | undefined {
  return ['NaN', 'Infinity', '-Infinity', '-0'][row];
}

/** From the smallest value of the type to the largest. */
function ints(...kinds: IntKind[]): (readonly [string, ColumnType, Value])[] {
  return kinds.map((kind) => {
    const bits = BigInt(kind.replace(/\D+/, ''));
    const low = kind.startsWith('u') ? 0n : -(1n << (bits - 1n));
    const span = (1n << bits) - 1n;
    return [kind, { kind }, (row) => String(low + (span * BigInt(row)) / BigInt(ROWS - 1))];
  });
}
