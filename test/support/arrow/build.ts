// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type Data,
  type DataType,
  Field,
  type Map_,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Vector,
} from 'apache-arrow';
import { type Column, type ColumnType, type ColumnValue, nullOf } from './column.js';
import { floatWords, integerArray, intervalWords, offsetsOf, viewsOf, wordsOf } from './stored.js';
import { typeOf } from './types.js';

/** The columns as a record batch of apache-arrow. */
export function buildBatch(columns: readonly Column[]): RecordBatch {
  const children = columns.map(({ name, type, values }) => build(type, name, values));
  const fields = columns.map(({ name }, index) => new Field(name, (children[index] as Data).type, true));
  const length = columns[0]?.values.length ?? 0;
  return new RecordBatch(new Schema(fields), makeData({ type: new Struct(fields), length, nullCount: 0, children }));
}

type Props = Readonly<Record<string, unknown>>;

/** apache-arrow's own builders are slow, and lose digits: what is stored is laid out here, exactly. */
function build(
  column: ColumnType,
  path: string,
  values: readonly ColumnValue[],
  type: DataType = typeOf(column, path),
): Data {
  const length = values.length;
  const props: Props = { type, length, ...storedOf(column, path, values, type) };
  const isNullable = column.kind !== 'null' && column.kind !== 'dense_union' && column.kind !== 'sparse_union';
  const nullCount = isNullable ? values.filter((value) => value === null).length : 0;
  const nulls = nullCount > 0 ? { nullCount, nullBitmap: bitsOf(values.map((value) => value !== null)) } : {};
  return makeData({ nullCount: 0, ...props, ...nulls } as unknown as Parameters<typeof makeData>[0]) as Data;
}

/** What `makeData` takes besides type, length and nulls. */
function storedOf(column: ColumnType, path: string, values: readonly ColumnValue[], type: DataType): Props {
  switch (column.kind) {
    case 'null':
      return {};
    case 'bool':
      return { data: bitsOf(values.map((value) => value === true)) };
    case 'float16':
    case 'float32':
    case 'float64':
      return { data: floatWords(column.kind, values.map(Number)) };
    case 'utf8':
    case 'binary':
    case 'large_utf8':
    case 'large_binary': {
      const bytes = values.map((value) => bytesOf(column.kind, value));
      const valueOffsets = offsetsOf(
        column.kind.startsWith('large'),
        bytes.map((each) => each.length),
      );
      return { valueOffsets, data: Uint8Array.from(Buffer.concat(bytes)) };
    }
    case 'utf8_view':
    case 'binary_view':
      return viewsOf(values.map((value) => bytesOf(column.kind, value)));
    case 'fixed_binary': {
      const empty = '00'.repeat(column.width);
      return { data: Uint8Array.from(Buffer.from(values.map((value) => value ?? empty).join(''), 'hex')) };
    }
    case 'decimal':
      return { data: wordsOf(values.map(bigintOf), column.bits) };
    case 'interval_months':
    case 'interval_days':
    case 'interval_nanos':
      return { data: intervalWords(column.kind, values as readonly (readonly string[] | null)[]) };
    case 'list':
    case 'large_list': {
      const lists = values.map((value) => (value ?? []) as readonly ColumnValue[]);
      const valueOffsets = offsetsOf(
        column.kind === 'large_list',
        lists.map((items) => items.length),
      );
      return { valueOffsets, child: build(column.item, `${path}.item`, lists.flat()) };
    }
    case 'fixed_list': {
      const none = Array.from({ length: column.size }, () => nullOf(column.item));
      const items = values.flatMap((value) => (value ?? none) as readonly ColumnValue[]);
      return { child: build(column.item, `${path}.item`, items) };
    }
    case 'map': {
      const maps = values.map((value) => (value ?? []) as readonly (readonly [ColumnValue, ColumnValue])[]);
      const entries = maps.flat().map(([key, value]) => ({ key, value }));
      const fields = [
        { name: 'key', type: column.key },
        { name: 'value', type: column.value },
      ];
      const child = build({ kind: 'struct', fields }, path, entries, (type as Map_).childType);
      return {
        valueOffsets: offsetsOf(
          false,
          maps.map((each) => each.length),
        ),
        child,
      };
    }
    case 'struct':
      return {
        children: column.fields.map(({ name, type }) => {
          const none = nullOf(type);
          const each = values.map((value) => (value as Readonly<Record<string, ColumnValue>> | null)?.[name] ?? none);
          return build(type, `${path}.${name}`, each);
        }),
      };
    case 'dense_union':
    case 'sparse_union': {
      const pairs = values as readonly (readonly [number, ColumnValue])[];
      const counts = column.fields.map(() => 0);
      const valueOffsets = Int32Array.from(pairs, ([id]) => counts[column.ids.indexOf(id)]!++);
      const children = column.fields.map(({ name, type }, index) => {
        const id = column.ids[index];
        const mine = column.kind === 'dense_union' ? pairs.filter((pair) => pair[0] === id) : pairs;
        const items = mine.map((pair) => (pair[0] === id ? pair[1] : nullOf(type)));
        return build(type, `${path}.${name}`, items);
      });
      const typeIds = Int8Array.from(pairs, ([id]) => id);
      return column.kind === 'dense_union' ? { typeIds, valueOffsets, children } : { typeIds, children };
    }
    case 'dictionary': {
      const keys = values.map((value) => JSON.stringify(value));
      const distinct = [...new Set(keys.filter((_, row) => values[row] !== null))];
      const data = integerArray(
        column.index,
        values.map((value, row) => (value === null ? 0n : BigInt(distinct.indexOf(keys[row]!)))),
      );
      const entries = distinct.map((key) => JSON.parse(key) as ColumnValue);
      return { data, dictionary: new Vector([build(column.values, `${path}.values`, entries)]) };
    }
    default: {
      const stored =
        column.kind === 'time' || column.kind === 'duration' ? `${column.kind} ${column.unit}` : column.kind;
      return { data: integerArray(stored, values.map(bigintOf)) };
    }
  }
}

function bigintOf(value: ColumnValue): bigint {
  return BigInt((value ?? 0) as string);
}

function bytesOf(kind: string, value: ColumnValue): Uint8Array {
  return Buffer.from((value ?? '') as string, kind.includes('binary') ? 'hex' : 'utf8');
}

function bitsOf(values: readonly boolean[]): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, row) => {
    if (value) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  });
  return bits;
}
