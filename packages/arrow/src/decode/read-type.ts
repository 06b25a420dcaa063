// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  Binary,
  BinaryView,
  Bool,
  type DataType,
  Date_,
  Decimal,
  DenseUnion,
  Duration,
  type Field,
  FixedSizeBinary,
  FixedSizeList,
  Float,
  Int,
  Interval,
  LargeBinary,
  LargeList,
  LargeUtf8,
  List,
  Map_,
  Null,
  SparseUnion,
  Struct,
  Time,
  Timestamp,
  TimeUnit,
  Type,
  UnionMode,
  Utf8,
  Utf8View,
} from 'apache-arrow';
import { invalid, unsupportedType } from '../errors.js';
import { checkDecimal, typeNameOf } from '../types.js';
import type { FlatTable } from './flat-table.js';

/** Makes a type of its table, its children and the name of its column. */
type Read = (table: FlatTable, children: Field[], column: string) => DataType;

/** How a type is read (Schema.fbs): the number of children that it must have, when that is given, and its table. */
const READERS: Readonly<Record<number, readonly [children: number | undefined, Read]>> = {
  [Type.Null]: [0, () => new Null()],
  [Type.Int]: [0, (table, _, column) => readInt(table, column)],
  [Type.Float]: [0, (table, _, column) => new Float(oneOf(table.int16(0), 2, 'precision', column))],
  [Type.Binary]: [0, () => new Binary()],
  [Type.Utf8]: [0, () => new Utf8()],
  [Type.Bool]: [0, () => new Bool()],
  [Type.Decimal]: [0, readDecimal],
  [Type.Date]: [0, (table, _, column) => new Date_(oneOf(table.int16(0, 1), 1, 'date unit', column))],
  [Type.Time]: [0, readTime],
  [Type.Timestamp]: [0, (table, _, column) => new Timestamp(readTimeUnit(table, 0, column), table.string(1))],
  [Type.Interval]: [0, (table, _, column) => new Interval(oneOf(table.int16(0), 2, 'interval unit', column))],
  [Type.List]: [1, (_, [item]) => new List(item as Field)],
  [Type.Struct]: [undefined, (_, fields) => new Struct(fields)],
  [Type.Union]: [undefined, readUnion],
  [Type.FixedSizeBinary]: [0, (table, _, column) => new FixedSizeBinary(readSize(table, column))],
  [Type.FixedSizeList]: [1, (table, [item], column) => new FixedSizeList(readSize(table, column), item as Field)],
  [Type.Map]: [1, readMap],
  [Type.Duration]: [0, (table, _, column) => new Duration(readTimeUnit(table, 1, column))],
  [Type.LargeBinary]: [0, () => new LargeBinary()],
  [Type.LargeUtf8]: [0, () => new LargeUtf8()],
  [Type.LargeList]: [1, (_, [item]) => new LargeList(item as Field)],
  [Type.BinaryView]: [0, () => new BinaryView()],
  [Type.Utf8View]: [0, () => new Utf8View()],
};

/**
 * Reads the type of a field without its dictionary encoding (Schema.fbs `Type`).
 *
 * @throws {ArrowPayloadError} `ARROW_INVALID`, `ARROW_UNSUPPORTED_TYPE`.
 */
export function readType(field: FlatTable, children: Field[], column: string): DataType {
  const typeId = field.uint8(2);
  const table = field.table(3);
  if (table === undefined) throw invalid('the field has no type', column);
  const reader = READERS[typeId];
  if (reader === undefined) throw unsupportedType(typeNameOf(typeId), column);
  const [count, read] = reader;
  if (count !== undefined && children.length !== count) {
    throw invalid(`${typeNameOf(typeId)} with ${children.length} children, not ${count}`, column);
  }
  return read(table, children, column);
}

export function readInt(table: FlatTable, column: string): Int {
  const bits = table.int32(0);
  if (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64) throw invalid(`an integer of ${bits} bits`, column);
  return new Int(table.bool(1), bits);
}

function readDecimal(table: FlatTable, _: Field[], column: string): Decimal {
  const decimal = new Decimal(table.int32(1), table.int32(0), table.int32(2, 128));
  checkDecimal(decimal, column);
  return decimal;
}

/** The unit decides the width; a table may say both. */
function readTime(table: FlatTable, _: Field[], column: string): Time {
  const unit = readTimeUnit(table, 1, column);
  const bits = unit <= TimeUnit.MILLISECOND ? 32 : 64;
  if (table.int32(1, 32) !== bits) throw invalid(`a time in ${TimeUnit[unit]}s of ${table.int32(1, 32)} bits`, column);
  return new Time(unit, bits);
}

function readUnion(table: FlatTable, children: Field[], column: string): DataType {
  const mode = oneOf(table.int16(0), 1, 'union mode', column);
  const given = table.structs(1, 4);
  if (given.length > 0 && given.length !== children.length) {
    throw invalid(`a union of ${children.length} children and ${given.length} type ids`, column);
  }
  const typeIds = children.map((_, index) => (given.length > 0 ? given.int32(index, 0) : index));
  if (typeIds.some((id) => id < 0 || id > 127)) throw invalid('a type id of a union outside [0, 127]', column);
  if (new Set(typeIds).size < typeIds.length) throw invalid('a union with the same type id twice', column);
  return mode === UnionMode.Dense ? new DenseUnion(typeIds, children) : new SparseUnion(typeIds, children);
}

function readMap(table: FlatTable, children: Field[], column: string): Map_ {
  const entries = children[0] as Field;
  if (entries.type.typeId !== Type.Struct || entries.type.children.length !== 2) {
    throw invalid('a map whose entries are not structs of two fields', column);
  }
  return new Map_(entries, table.bool(0));
}

function readTimeUnit(table: FlatTable, absent: TimeUnit, column: string): TimeUnit {
  return oneOf(table.int16(0, absent), 3, 'time unit', column);
}

function readSize(table: FlatTable, column: string): number {
  const size = table.int32(0);
  if (size < 0) throw invalid(`values of ${size}`, column);
  return size;
}

function oneOf(value: number, last: number, what: string, column: string): number {
  if (value < 0 || value > last) throw invalid(`${what} ${value} does not exist`, column);
  return value;
}
