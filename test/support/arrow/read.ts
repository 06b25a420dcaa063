// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, type RecordBatch, Type, type Union, UnionMode, Vector } from 'apache-arrow';
import { type Column, type ColumnType, type ColumnValue, floatValue } from './column.js';
import { describeType } from './describe.js';
import { fromWords, INTERVAL_PARTS } from './stored.js';

/** A decoded batch in the shared form. Stored numbers are read, not what `get` makes of them: that loses nanoseconds. */
export function readBatch(batch: RecordBatch): Column[] {
  return batch.schema.fields.map(({ name, type }, index) => ({
    name,
    type: describeType(type),
    values: read(batch.data.children[index] as Data),
  }));
}

/** The values of a column as the decoder gives it: starting at row 0 of its buffers. */
function read(data: Data): ColumnValue[] {
  const at = valueReader(data);
  // apache-arrow's `getValid` of a union asks its child at another row than `get` does.
  if (data.typeId === Type.Union) return Array.from({ length: data.length }, (_, row) => at(row));
  return Array.from({ length: data.length }, (_, row) => (data.getValid(row) ? at(row) : null));
}

function valueReader(data: Data): (row: number) => ColumnValue {
  switch (data.typeId) {
    case Type.Null:
      return () => null;
    case Type.Bool:
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View: {
      const vector = new Vector([data]);
      return (row) => vector.get(row) as ColumnValue;
    }
    case Type.Binary:
    case Type.LargeBinary:
    case Type.BinaryView:
    case Type.FixedSizeBinary: {
      const vector = new Vector([data]);
      return (row) => Buffer.from(vector.get(row) as Uint8Array).toString('hex');
    }
    case Type.Float: {
      const vector = new Vector([data]);
      return (row) => floatValue(vector.get(row) as number);
    }
    case Type.Decimal: {
      const words = data.stride;
      return (row) => String(fromWords(data.values.subarray(row * words, (row + 1) * words)));
    }
    case Type.Interval:
      return intervalReader(data, describeType(data.type));
    case Type.List:
    case Type.LargeList: {
      const items = read(data.children[0] as Data);
      return (row) => items.slice(Number(data.valueOffsets[row]), Number(data.valueOffsets[row + 1]));
    }
    case Type.FixedSizeList: {
      const items = read(data.children[0] as Data);
      return (row) => items.slice(row * data.stride, (row + 1) * data.stride);
    }
    case Type.Map: {
      const [keys, values] = (data.children[0] as Data).children.map((child) => read(child as Data));
      const pairs = keys!.map((key, index) => [key, values![index]!]);
      return (row) => pairs.slice(data.valueOffsets[row], data.valueOffsets[row + 1]);
    }
    case Type.Struct: {
      const fields = (data.type.children as { name: string }[]).map(
        ({ name }, index) => [name, read(data.children[index] as Data)] as const,
      );
      return (row) => Object.fromEntries(fields.map(([name, values]) => [name, values[row] ?? null]));
    }
    case Type.Union: {
      const children = data.children.map((child) => read(child as Data));
      const { mode, typeIds } = data.type as Union;
      return (row) => {
        const id = data.typeIds[row] as number;
        const place = mode === UnionMode.Dense ? data.valueOffsets[row] : row;
        return [id, children[typeIds.indexOf(id)]![place]!];
      };
    }
    case Type.Dictionary: {
      // Part by part: one that came by a later delta may be damaged, and earlier rows do not refer to it.
      const parts = (data.dictionary?.data ?? []).map((part) => ({
        part,
        values: undefined as ColumnValue[] | undefined,
      }));
      return (row) => {
        let index = Number(data.values[row]);
        for (const each of parts) {
          if (index < each.part.length) {
            each.values ??= read(each.part);
            return each.values[index] ?? null;
          }
          index -= each.part.length;
        }
        return null;
      };
    }
    default:
      return (row) => String(data.values[row]);
  }
}

function intervalReader(data: Data, { kind }: ColumnType): (row: number) => ColumnValue {
  const parts = INTERVAL_PARTS[kind as keyof typeof INTERVAL_PARTS];
  const words = new Uint32Array(data.values.buffer, data.values.byteOffset, data.values.length);
  const size = parts.reduce((sum, part) => sum + part, 0);
  return (row) => {
    let at = row * size;
    return parts.map((part) => {
      at += part;
      return String(fromWords(words.subarray(at - part, at)));
    });
  };
}
