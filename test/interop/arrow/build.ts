// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type Data,
  Field,
  type Int32,
  type List,
  makeData,
  type Null,
  RecordBatch,
  Schema,
  Struct,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import type { Column, ColumnType, ColumnValue, FlatKind } from './column.js';
import { FLAT, typeOf } from './types.js';

/** The columns as a record batch of apache-arrow. */
export function buildBatch(columns: readonly Column[]): RecordBatch {
  const children = columns.map(({ name, type, values }) => build(type, name, values));
  const fields = columns.map(({ name }, index) => new Field(name, (children[index] as Data).type, true));
  const length = columns[0]?.values.length ?? 0;
  return new RecordBatch(new Schema(fields), makeData({ type: new Struct(fields), length, nullCount: 0, children }));
}

/** apache-arrow's own builders take milliseconds for every timestamp: integers are laid out here, exactly. */
function build(column: ColumnType, path: string, values: readonly ColumnValue[]): Data {
  const type = typeOf(column, path);
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
      return makeData({
        type: type as List,
        length,
        ...nulls,
        valueOffsets,
        child: build(column.item, `${path}.item`, lists.flat()),
      });
    }
    case 'struct': {
      const structs = values.map((value) => (value ?? {}) as Readonly<Record<string, ColumnValue>>);
      const children = column.fields.map(({ name, type }) =>
        build(
          type,
          `${path}.${name}`,
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
      const dictionary = new Vector([build(column.values, `${path}.values`, distinct)]);
      return makeData({ type, length, ...nulls, data, dictionary } as Parameters<typeof makeData>[0]);
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

function integers(kind: FlatKind | 'timestamp', values: readonly bigint[]): ArrayBufferView<ArrayBuffer> {
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
