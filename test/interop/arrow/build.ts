// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
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
  Timestamp,
  TimeUnit,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import type { Column, ColumnType, ColumnValue, FlatKind, IndexKind, TimeUnitName } from './column.js';

const FLAT: Readonly<Record<FlatKind, new () => DataType>> = {
  null: Null,
  bool: Bool,
  utf8: Utf8,
  int8: Int8,
  int16: Int16,
  int32: Int32,
  int64: Int64,
  uint8: Uint8,
  uint16: Uint16,
  uint32: Uint32,
  uint64: Uint64,
  float16: Float16,
  float32: Float32,
  float64: Float64,
  date32: DateDay,
  date64: DateMillisecond,
};

const UNITS: Readonly<Record<TimeUnitName, TimeUnit>> = {
  s: TimeUnit.SECOND,
  ms: TimeUnit.MILLISECOND,
  us: TimeUnit.MICROSECOND,
  ns: TimeUnit.NANOSECOND,
};

/** The columns as a record batch of apache-arrow. */
export function buildBatch(columns: readonly Column[]): RecordBatch {
  const children = columns.map(({ type, values }) => build(type, values));
  const fields = columns.map(({ name }, index) => new Field(name, (children[index] as Data).type, true));
  const length = columns[0]?.values.length ?? 0;
  return new RecordBatch(
    new Schema(fields),
    makeData({ type: new Struct(fields), length, nullCount: 0, children }),
  );
}

/** The same type each time it is asked for: a dictionary's id is in its type. */
const types = new Map<string, DataType>();

function typeOf(column: ColumnType): DataType {
  const text = JSON.stringify(column);
  const type = types.get(text) ?? makeType(column);
  types.set(text, type);
  return type;
}

function makeType(column: ColumnType): DataType {
  switch (column.kind) {
    case 'timestamp':
      return new Timestamp(UNITS[column.unit], column.tz);
    case 'list':
      return new List(new Field('item', typeOf(column.item), true));
    case 'struct':
      return new Struct(column.fields.map(({ name, type }) => new Field(name, typeOf(type), true)));
    case 'dictionary':
      return new Dictionary(typeOf(column.values), new FLAT[column.index]() as Dictionary['indices']);
    default:
      return new FLAT[column.kind]();
  }
}

/** apache-arrow's own builders take milliseconds for every timestamp: integers are laid out here, exactly. */
function build(column: ColumnType, values: readonly ColumnValue[]): Data {
  const type = typeOf(column);
  const length = values.length;
  const nulls = { nullCount: values.filter((value) => value === null).length, nullBitmap: bitmapOf(values) };
  switch (column.kind) {
    case 'null':
      return makeData({ type: type as Null, length });
    case 'bool':
    case 'utf8':
    case 'float16':
    case 'float32':
    case 'float64':
      // With no value at all apache-arrow makes no chunk of a useful type.
      if (length === 0) return makeData({ type, length } as Parameters<typeof makeData>[0]);
      return vectorFromArray(values.map(floatOrSelf(column.kind)), type).data[0] as Data;
    case 'list': {
      const valueOffsets = new Int32Array(length + 1);
      const lists = values.map((value) => (value ?? []) as readonly ColumnValue[]);
      lists.forEach((items, row) => {
        valueOffsets[row + 1] = (valueOffsets[row] ?? 0) + items.length;
      });
      return makeData({ type: type as List, length, ...nulls, valueOffsets, child: build(column.item, lists.flat()) });
    }
    case 'struct': {
      const structs = values.map((value) => (value ?? {}) as Readonly<Record<string, ColumnValue>>);
      const children = column.fields.map(({ name, type }) =>
        build(
          type,
          structs.map((each) => each[name] ?? null),
        ),
      );
      return makeData({ type: type as Struct, length, ...nulls, children });
    }
    case 'dictionary': {
      const distinct = [...new Set(values.filter((value) => value !== null))];
      const data = integers(
        column.index,
        values.map((value) => (value === null ? 0n : BigInt(distinct.indexOf(value)))),
      );
      const dictionary = new Vector([build(column.values, distinct)]);
      return makeData({ type: type as Dictionary, length, ...nulls, data, dictionary });
    }
    default: {
      const data = integers(
        column.kind,
        values.map((value) => BigInt((value ?? 0) as string)),
      );
      return makeData({ type, length, ...nulls, data } as Parameters<typeof makeData>[0]);
    }
  }
}

function integers(kind: FlatKind | IndexKind | 'timestamp', values: readonly bigint[]): ArrayBufferView<ArrayBuffer> {
  if (kind === 'int64' || kind === 'date64' || kind === 'timestamp') return BigInt64Array.from(values);
  if (kind === 'uint64') return BigUint64Array.from(values);
  const { ArrayType } = new FLAT[kind]() as Int32;
  return ArrayType.from(values, Number) as Int32Array<ArrayBuffer>;
}

function floatOrSelf(kind: FlatKind): (value: ColumnValue) => unknown {
  return kind.startsWith('float') ? (value) => (value === null ? null : Number(value)) : (value) => value;
}

function bitmapOf(values: readonly ColumnValue[]): Uint8Array<ArrayBuffer> | undefined {
  if (!values.includes(null)) return undefined;
  const bitmap = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, row) => {
    if (value !== null) bitmap[row >> 3] = (bitmap[row >> 3] ?? 0) | (1 << (row & 7));
  });
  return bitmap;
}
