// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZBytes } from '@zenoh-segments/core';
import {
  Bool,
  type Data,
  type DataType,
  DateDay,
  DateMillisecond,
  Dictionary,
  Field,
  Float16,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  List,
  makeData,
  Null,
  RecordBatch,
  Schema,
  Struct,
  StructRow,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';

/** Not a multiple of 8, so that bitmaps end inside a byte. */
export const ROWS = 77;

const utf8 = new Utf8();
const point = new Struct([new Field('x', new Float64(), true), new Field('label', utf8, true)]);
const colours = ['red', 'green', 'blue', 'a colour with a long name'];
const day = 86_400_000;

type Value = (row: number) => unknown;

/** Every type carried, with the value of each row. */
export const TYPES: readonly (readonly [string, DataType, Value])[] = [
  ['null', new Null(), () => null],
  ['bool', new Bool(), (i) => i % 3 === 0],
  ['int8', new Int8(), (i) => i - 50],
  ['int16', new Int16(), (i) => i * 300 - 9000],
  ['int32', new Int32(), (i) => i * 70_000],
  ['int64', new Int64(), (i) => BigInt(i) * -(2n ** 55n)],
  ['uint8', new Uint8(), (i) => i * 3],
  ['uint16', new Uint16(), (i) => i * 800],
  ['uint32', new Uint32(), (i) => i * 50_000_000],
  ['uint64', new Uint64(), (i) => BigInt(i) * 2n ** 57n],
  ['float16', new Float16(), (i) => i / 4],
  ['float32', new Float32(), (i) => i / 8],
  ['float64', new Float64(), (i) => i / 3],
  ['utf8', utf8, (i) => 'é'.repeat(i % 5)],
  ['date day', new DateDay(), (i) => new Date(i * day)],
  ['date millisecond', new DateMillisecond(), (i) => new Date(i * day)],
  ['timestamp s', new TimestampSecond(), (i) => i * 1000],
  ['timestamp ms', new TimestampMillisecond('Europe/Berlin'), (i) => i * 1234],
  ['timestamp us', new TimestampMicrosecond(), (i) => i * 1234],
  ['timestamp ns', new TimestampNanosecond('UTC'), (i) => i * 1234],
  [
    'list of int',
    new List(new Field('item', new Int32(), true)),
    (i) => Array.from({ length: i % 4 }, (_, k) => i + k),
  ],
  [
    'list of utf8',
    new List(new Field('item', utf8, true)),
    (i) => Array.from({ length: i % 3 }, (_, k) => `${i}:${k}`),
  ],
  [
    'list of bool',
    new List(new Field('item', new Bool(), true)),
    (i) => Array.from({ length: i % 6 }, (_, k) => k > 2),
  ],
  ['struct', point, (i) => ({ x: i / 2, label: i % 4 === 0 ? null : `p${i}` })],
  ['list of struct', new List(new Field('item', point, true)), (i) => [{ x: i, label: 'a' }].slice(i % 2)],
  ['dictionary int8', new Dictionary(utf8, new Int8()), (i) => colours[i % 4]],
  ['dictionary uint16', new Dictionary(new Int64(), new Uint16()), (i) => BigInt(i % 5)],
  ['list of dictionary', new List(new Field('item', new Dictionary(utf8, new Int32()), true)), (i) => [colours[i % 4]]],
];

/** One column of {@link ROWS} rows; with nulls, every third is null. */
export function columnOf(type: DataType, value: Value, nulls: boolean): Data {
  const values = Array.from({ length: ROWS }, (_, row) => (nulls && row % 3 === 1 ? null : value(row)));
  return dataOf(values, type);
}

/** A column of one of {@link TYPES}; the values of `row + shift`. */
export function columnNamed(name: string, nulls = false, shift = 0): Data {
  const [, type, value] = TYPES.find(([each]) => each === name) as (typeof TYPES)[number];
  return columnOf(type, (row) => value(row + shift), nulls);
}

export function dataOf(values: readonly unknown[], type: DataType): Data {
  return vectorFromArray(values, type).data[0] as Data;
}

export function batchOf(columns: Readonly<Record<string, Data>>): RecordBatch {
  const fields = Object.entries(columns).map(([name, data]) => new Field(name, data.type, true));
  const children = Object.values(columns);
  const type = new Struct(fields);
  return new RecordBatch(
    new Schema(fields),
    makeData({ type, length: children[0]?.length ?? 0, nullCount: 0, children }),
  );
}

/** All types in one batch. */
export function wideBatch(nulls: boolean): RecordBatch {
  return batchOf(Object.fromEntries(TYPES.map(([name, type, value]) => [name, columnOf(type, value, nulls)])));
}

/** What a reader sees, as plain values that can be compared. */
export function valuesOf(batch: RecordBatch): unknown[][] {
  return batch.data.children.map((child) => plain(new Vector([child])) as unknown[]);
}

export function plain(value: unknown): unknown {
  if (value instanceof Vector) return Array.from(value, plain);
  if (value instanceof Date) return value.getTime();
  // Entries, not an object: fields may share a name.
  if (value instanceof StructRow) return Array.from(value, ([key, each]) => [key, plain(each)]);
  return value;
}

/** The same payload as other senders and transports would deliver it. */
export const SLICINGS: Readonly<Record<string, (payload: ZBytes) => ZBytes>> = {
  'as sent': (payload) => ZBytes.fromSegments(payload.segments()),
  contiguous: (payload) => new ZBytes(joined(payload)),
  'misaligned by one': (payload) => {
    const memory = new Uint8Array(payload.length + 1);
    memory.set(joined(payload), 1);
    return new ZBytes(memory.subarray(1));
  },
  'cut each 100 B': (payload) => cut(joined(payload), 100),
  'cut each 1000 B': (payload) => cut(joined(payload), 1000),
};

export function joined(payload: ZBytes): Uint8Array {
  return ZBytes.fromSegments(payload.segments()).toBytes().slice();
}

function cut(bytes: Uint8Array, every: number): ZBytes {
  const slices: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength; at += every) slices.push(bytes.slice(at, at + every));
  return ZBytes.fromSegments(slices);
}
