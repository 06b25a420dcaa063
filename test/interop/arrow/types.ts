// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  Bool,
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
  Null,
  Struct,
  Timestamp,
  TimeUnit,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
} from 'apache-arrow';
import type { ColumnType, FlatKind, TimeUnitName } from './column.js';

/** apache-arrow's types without parameters. */
export const FLAT: Readonly<Record<FlatKind, new () => DataType>> = {
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

const types = new Map<string, DataType>();

/**
 * apache-arrow's type of a column or of a part of one, the same object each time: a dictionary's id is in its type, so
 * that batches of one stream must share it and two columns must not.
 */
export function typeOf(column: ColumnType, path: string): DataType {
  const key = `${path} ${JSON.stringify(column)}`;
  const type = types.get(key) ?? makeType(column, path);
  types.set(key, type);
  return type;
}

function makeType(column: ColumnType, path: string): DataType {
  switch (column.kind) {
    case 'timestamp':
      return new Timestamp(UNITS[column.unit], column.tz);
    case 'list':
      return new List(new Field('item', typeOf(column.item, `${path}.item`), true));
    case 'struct':
      return new Struct(column.fields.map(({ name, type }) => new Field(name, typeOf(type, `${path}.${name}`), true)));
    case 'dictionary':
      return new Dictionary(typeOf(column.values, `${path}.values`), new FLAT[column.index]() as Dictionary['indices']);
    default:
      return new FLAT[column.kind]();
  }
}
