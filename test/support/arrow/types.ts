// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import * as arrow from 'apache-arrow';
import { type DataType, Field } from 'apache-arrow';
import type { ColumnField, ColumnType, FlatKind, TimeUnitName } from './column.js';

/** apache-arrow's types without parameters. */
export const FLAT: Readonly<Record<FlatKind, new () => DataType>> = {
  null: arrow.Null,
  bool: arrow.Bool,
  int8: arrow.Int8,
  int16: arrow.Int16,
  int32: arrow.Int32,
  int64: arrow.Int64,
  uint8: arrow.Uint8,
  uint16: arrow.Uint16,
  uint32: arrow.Uint32,
  uint64: arrow.Uint64,
  float16: arrow.Float16,
  float32: arrow.Float32,
  float64: arrow.Float64,
  date32: arrow.DateDay,
  date64: arrow.DateMillisecond,
  utf8: arrow.Utf8,
  large_utf8: arrow.LargeUtf8,
  utf8_view: arrow.Utf8View,
  binary: arrow.Binary,
  large_binary: arrow.LargeBinary,
  binary_view: arrow.BinaryView,
  interval_months: arrow.IntervalYearMonth,
  interval_days: arrow.IntervalDayTime,
  interval_nanos: arrow.IntervalMonthDayNano,
};

/** In the order of apache-arrow's numbers. */
export const UNITS: readonly TimeUnitName[] = ['s', 'ms', 'us', 'ns'];
const TIMES = [arrow.TimeSecond, arrow.TimeMillisecond, arrow.TimeMicrosecond, arrow.TimeNanosecond];

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
  const fieldOf = (name: string, type: ColumnType, nullable = true) =>
    new Field(name, typeOf(type, `${path}.${name}`), nullable);
  const fieldsOf = (fields: readonly ColumnField[]) => fields.map(({ name, type }) => fieldOf(name, type));
  switch (column.kind) {
    case 'timestamp':
      return new arrow.Timestamp(UNITS.indexOf(column.unit), column.tz);
    case 'time':
      return new TIMES[UNITS.indexOf(column.unit)]!();
    case 'duration':
      return new arrow.Duration(UNITS.indexOf(column.unit));
    case 'decimal':
      return new arrow.Decimal(column.scale, column.precision, column.bits);
    case 'fixed_binary':
      return new arrow.FixedSizeBinary(column.width);
    case 'list':
      return new arrow.List(fieldOf('item', column.item));
    case 'large_list':
      return new arrow.LargeList(fieldOf('item', column.item));
    case 'fixed_list':
      return new arrow.FixedSizeList(column.size, fieldOf('item', column.item));
    case 'struct':
      return new arrow.Struct(fieldsOf(column.fields));
    case 'map': {
      const entries = new arrow.Struct([fieldOf('key', column.key, false), fieldOf('value', column.value)]);
      return new arrow.Map_(new Field('entries', entries, false), column.sorted);
    }
    case 'dense_union':
      return new arrow.DenseUnion([...column.ids], fieldsOf(column.fields));
    case 'sparse_union':
      return new arrow.SparseUnion([...column.ids], fieldsOf(column.fields));
    case 'dictionary': {
      const indices = new FLAT[column.index]() as arrow.Dictionary['indices'];
      return new arrow.Dictionary(typeOf(column.values, `${path}.values`), indices);
    }
    default:
      return new FLAT[column.kind]();
  }
}
