// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZBytes } from '@zenoh-segments/core';
import {
  Binary,
  BinaryView,
  Bool,
  type Data,
  type DataType,
  DateDay,
  DateMillisecond,
  Decimal,
  DenseUnion,
  Dictionary,
  DurationMicrosecond,
  DurationMillisecond,
  DurationNanosecond,
  DurationSecond,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float16,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  IntervalDayTime,
  IntervalMonthDayNano,
  IntervalYearMonth,
  LargeBinary,
  LargeList,
  LargeUtf8,
  List,
  Map_,
  MapRow,
  makeData,
  Null,
  RecordBatch,
  Schema,
  SparseUnion,
  Struct,
  StructRow,
  TimeMicrosecond,
  TimeMillisecond,
  TimeNanosecond,
  TimeSecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Type,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  type Union,
  UnionMode,
  Utf8,
  Utf8View,
  Vector,
  vectorFromArray,
} from 'apache-arrow';

type Value = (row: number) => unknown;

/** Not a multiple of 8, so that bitmaps end inside a byte. */
export const ROWS = 77;

const utf8 = new Utf8();
const point = new Struct([new Field('x', new Float64(), true), new Field('label', utf8, true)]);
const colours = ['red', 'green', 'blue', 'a colour with a long name'];
const day = 86_400_000;
const int32 = new Int32();
const item = (type: DataType) => new Field('item', type, true);
const entries = (key: DataType, value: DataType) =>
  new Field('entries', new Struct([new Field('key', key, false), new Field('value', value, true)]), false);
const members = [new Field('number', new Float64(), true), new Field('text', utf8, true)];
const numberOrText: Value = (i) => (i % 3 === 0 ? `text ${i}` : i / 2);
const bytes = (length: number, first: number) => Uint8Array.from({ length }, (_, k) => first + k);
/** A decimal of `words` 32-bit words; every fourth is negative. */
const decimal = (words: number): Value => {
  return (i) => Uint32Array.from({ length: words }, (_, k) => (i % 4 === 3 ? -1 - (k === 0 ? i : 0) : i * (k + 1)));
};

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
  ['dictionary int32', new Dictionary(point, int32), (i) => ({ x: i % 3, label: `${i % 3}` })],
  ['dictionary of dictionaries', nestedDictionary(), (i) => ({ x: i % 3, word: colours[i % 3] })],
  ['large utf8', new LargeUtf8(), (i) => 'é'.repeat(i % 5)],
  ['binary', new Binary(), (i) => bytes(i % 5, i)],
  ['large binary', new LargeBinary(), (i) => bytes(i % 5, i)],
  ['fixed size binary', new FixedSizeBinary(3), (i) => bytes(3, i)],
  ['fixed size binary of width 0', new FixedSizeBinary(0), () => bytes(0, 0)],
  ['utf8 view', new Utf8View(), (i) => 'é'.repeat(i % 9)],
  ['binary view', new BinaryView(), (i) => bytes((i % 5) * 7, i)],
  ['decimal 32', new Decimal(2, 9, 32), decimal(1)],
  ['decimal 64', new Decimal(2, 18, 64), decimal(2)],
  ['decimal 128', new Decimal(2, 38, 128), decimal(4)],
  ['decimal 256', new Decimal(-2, 76, 256), decimal(8)],
  ['time s', new TimeSecond(), (i) => i * 1000],
  ['time ms', new TimeMillisecond(), (i) => i * 1_000_000],
  ['time us', new TimeMicrosecond(), (i) => BigInt(i) * 1_000_000_000n],
  ['time ns', new TimeNanosecond(), (i) => BigInt(i) * 1_000_000_000_000n],
  ['duration s', new DurationSecond(), (i) => BigInt(i) * -7n],
  ['duration ms', new DurationMillisecond(), (i) => BigInt(i) * -7n],
  ['duration us', new DurationMicrosecond(), (i) => BigInt(i) << 50n],
  ['duration ns', new DurationNanosecond(), (i) => BigInt(i) * -7n],
  ['interval year month', new IntervalYearMonth(), (i) => i * 5],
  ['interval day time', new IntervalDayTime(), (i) => Int32Array.of(i, i * 1000)],
  ['interval month day nano', new IntervalMonthDayNano(), (i) => Int32Array.of(i, -i, i * 1000, -1)],
  ['large list', new LargeList(item(utf8)), (i) => Array.from({ length: i % 3 }, (_, k) => `${i}:${k}`)],
  ['fixed size list', new FixedSizeList(3, item(int32)), (i) => [i, null, i * 2]],
  ['fixed size list of size 0', new FixedSizeList(0, item(int32)), () => []],
  ['fixed size list of fixed size lists', new FixedSizeList(2, item(new FixedSizeList(2, item(utf8)))), grid],
  ['map', new Map_(entries(utf8, int32), true), (i) => new Map([...'abc'].slice(i % 4).map((key, k) => [key, k * i]))],
  ['map of lists', new Map_(entries(int32, new List(item(utf8)))), (i) => new Map([[i, [`${i}`, null]]])],
  ['dense union', new DenseUnion([3, 9], members), numberOrText],
  ['sparse union', new SparseUnion([0, 1], members), numberOrText],
  ['list of dictionary', new List(new Field('item', new Dictionary(utf8, new Int32()), true)), (i) => [colours[i % 4]]],
];

function grid(row: number): string[][] {
  return [0, 1].map((a) => [0, 1].map((b) => `${row},${a},${b}`));
}

/** A dictionary of structs, one of whose fields has a dictionary, too. */
function nestedDictionary(): Dictionary {
  const word = new Dictionary(utf8, new Uint8());
  return new Dictionary(new Struct([new Field('x', int32, true), new Field('word', word, true)]), new Int8());
}

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
  if (type.typeId === Type.Union) return unionOf(values, type as Union);
  return vectorFromArray(values, type).data[0] as Data;
}

/** A union of numbers and of texts, in this order; nulls are in turn of both. apache-arrow's builder mixes ids up. */
export function unionOf(values: readonly unknown[], type: Union): Data {
  const dense = type.mode === UnionMode.Dense;
  const members: unknown[][] = [[], []];
  const valueOffsets = new Int32Array(values.length);
  const typeIds = Int8Array.from(values, (value, row) => {
    const child = typeof value === 'string' || (value === null && row % 2 === 0) ? 1 : 0;
    valueOffsets[row] = dense ? (members[child]?.length ?? 0) : row;
    if (!dense) members[1 - child]?.push(null);
    members[child]?.push(value);
    return type.typeIds[child] as number;
  });
  const children = members.map((each, child) => dataOf(each, type.children[child]?.type as DataType));
  return makeData({ type, length: values.length, typeIds, valueOffsets, children } as Parameters<typeof makeData>[0]);
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
export function wideBatch(nulls: boolean, types = TYPES): RecordBatch {
  return batchOf(Object.fromEntries(types.map(([name, type, value]) => [name, columnOf(type, value, nulls)])));
}

/** What a reader sees, as plain values that can be compared. */
export function valuesOf(batch: RecordBatch): unknown[][] {
  return batch.data.children.map((child) => plain(new Vector([child])) as unknown[]);
}

export function plain(value: unknown): unknown {
  if (value instanceof Vector) return Array.from(value, plain);
  if (value instanceof Date) return value.getTime();
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  if (value instanceof MapRow) return Array.from(value, ([key, each]) => [key, plain(each)]);
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
