// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Ledger } from '@zenoh-segments/core';
import {
  type Data,
  DataType,
  type Field,
  makeData,
  type RecordBatch,
  type Schema,
  Struct,
  type TypeMap,
  Vector,
} from 'apache-arrow';
import type { Cell } from '../building/cells.js';
import { dataOfCells } from '../building/checked-builder.js';
import { makeBatch } from '../decode/payload-reader.js';
import { sameType } from '../same-type.js';
import { mismatch, otherType } from './declared-schema.js';

/**
 * Columns by their names: vectors, typed arrays of the column's type, or arrays of values. Vectors and typed arrays are sent
 * from where they lie; values are checked, and written into new memory, first. `Cell` has which value goes into which type;
 * besides, arrays or vectors go into lists, objects, maps or arrays into structs, objects or maps into maps, and into
 * dictionaries what their values take. Null, undefined and holes are null. Numbers of an array are rounded to the nearest half
 * where the column is `Float16`; those in a vector are what apache-arrow's conversion, which is faulty, made of them.
 */
export type TableColumns<T extends TypeMap> = {
  readonly [Name in keyof T]:
    | Vector<T[Name]>
    | T[Name]['TArray']
    | readonly (Cell<T[Name]> | T[Name]['TValue'] | null | undefined)[];
};

/**
 * A batch of columns, under the schema.
 *
 * @param ledger where bytes written anew are counted, as `convert`
 * @throws {ArrowPayloadError} `ARROW_SCHEMA`: `column` names what is missing, unknown, of another type or of another length;
 * `ARROW_VALUE`: it names the one that can't hold a value of an array
 */
export function batchOfColumns<T extends TypeMap>(
  schema: Schema<T>,
  columns: TableColumns<T>,
  ledger: Ledger,
): RecordBatch<T> {
  const given: Readonly<Record<string, unknown>> = columns;
  const unknown = Object.keys(given).find((name) => !schema.fields.some((field) => field.name === name));
  if (unknown !== undefined) throw mismatch('the schema has no such column', unknown);
  const children = schema.fields.map((field) => dataOf(field, given[field.name], ledger));
  const length = children[0]?.length ?? 0;
  children.forEach((child, index) => {
    if (child.length === length) return;
    throw mismatch(`${child.length} values, the first column has ${length}`, schema.fields[index]?.name as string);
  });
  return makeBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}

function dataOf(field: Field, values: unknown, ledger: Ledger): Data {
  const { name, type } = field;
  if (values instanceof Vector) {
    if (!sameType(type, values.type)) throw otherType(field, values.type, 'vector');
    if (values.data.length <= 1) return values.data[0] ?? makeData({ type });
    throw mismatch(`a vector of ${values.data.length} chunks, which is no column of one batch`, name);
  }
  if (ArrayBuffer.isView(values)) {
    const isFixed = !DataType.isDecimal(type) && !DataType.isDictionary(type) && 'ArrayType' in type && isNumeric(type);
    if (isFixed && values instanceof type.ArrayType) return makeData({ type, data: values, nullCount: 0 } as never);
    throw mismatch(`a ${values.constructor.name} can't be a column of type ${type}`, name);
  }
  if (!Array.isArray(values)) throw mismatch(values === undefined ? 'it is missing' : 'not an array or a vector', name);
  const data = dataOfCells(field, values);
  ledger.count('convert', data.byteLength);
  return data;
}

/** Types whose one buffer of values is an array with an element for each. */
function isNumeric(type: DataType): boolean {
  return (
    DataType.isInt(type) ||
    DataType.isFloat(type) ||
    DataType.isDate(type) ||
    DataType.isTime(type) ||
    DataType.isTimestamp(type) ||
    DataType.isDuration(type)
  );
}
