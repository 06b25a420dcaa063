// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type Data,
  type DataType,
  type Date_ as DateType,
  DateUnit,
  type Dictionary,
  type Float,
  type Int,
  type Precision,
  type RecordBatch,
  type Timestamp,
  Type,
  Vector,
} from 'apache-arrow';
import { type Column, type ColumnType, type ColumnValue, floatValue, type IndexKind, type IntKind } from './column.js';

/** A decoded batch in the shared form. Stored numbers are read, not what `get` makes of them: that loses nanoseconds. */
export function readBatch(batch: RecordBatch): Column[] {
  return batch.schema.fields.map(({ name, type }, index) => ({
    name,
    type: describe(type),
    values: read(batch.data.children[index] as Data),
  }));
}

function describe(type: DataType): ColumnType {
  switch (type.typeId) {
    case Type.Null:
      return { kind: 'null' };
    case Type.Bool:
      return { kind: 'bool' };
    case Type.Utf8:
      return { kind: 'utf8' };
    case Type.Int:
      return { kind: intKind(type as Int) };
    case Type.Float:
      return { kind: (['float16', 'float32', 'float64'] as const)[(type as Float).precision as Precision] };
    case Type.Date:
      return { kind: (type as DateType).unit === DateUnit.DAY ? 'date32' : 'date64' };
    case Type.Timestamp: {
      const { unit, timezone } = type as Timestamp;
      return { kind: 'timestamp', unit: (['s', 'ms', 'us', 'ns'] as const)[unit], tz: timezone ?? null };
    }
    case Type.List:
      return { kind: 'list', item: describe((type.children as { type: DataType }[])[0]!.type) };
    case Type.Struct:
      return {
        kind: 'struct',
        fields: (type.children as { name: string; type: DataType }[]).map((child) => ({
          name: child.name,
          type: describe(child.type),
        })),
      };
    case Type.Dictionary: {
      const { indices, dictionary } = type as Dictionary;
      return { kind: 'dictionary', index: intKind(indices) as IndexKind, values: describe(dictionary) };
    }
    default:
      throw new Error(`a column of the type ${type} was not expected`);
  }
}

function intKind({ isSigned, bitWidth }: Int): IntKind {
  return `${isSigned ? '' : 'u'}int${bitWidth}` as IntKind;
}

/** The values of a column as the decoder gives it: starting at row 0 of its buffers. */
function read(data: Data): ColumnValue[] {
  const at = valueReader(data);
  return Array.from({ length: data.length }, (_, row) => (data.getValid(row) ? at(row) : null));
}

function valueReader(data: Data): (row: number) => ColumnValue {
  switch (data.typeId) {
    case Type.Null:
      return () => null;
    case Type.Bool:
    case Type.Utf8: {
      const vector = new Vector([data]);
      return (row) => vector.get(row) as ColumnValue;
    }
    case Type.Float: {
      const vector = new Vector([data]);
      return (row) => floatValue(vector.get(row) as number);
    }
    case Type.List: {
      const items = read(data.children[0] as Data);
      return (row) => items.slice(data.valueOffsets[row], data.valueOffsets[row + 1]);
    }
    case Type.Struct: {
      const fields = (data.type.children as { name: string }[]).map(
        ({ name }, index) => [name, read(data.children[index] as Data)] as const,
      );
      return (row) => Object.fromEntries(fields.map(([name, values]) => [name, values[row] ?? null]));
    }
    case Type.Dictionary: {
      const dictionary = (data.dictionary?.data ?? []).flatMap(read);
      return (row) => dictionary[Number(data.values[row])] ?? null;
    }
    default:
      return (row) => String(data.values[row]);
  }
}
