// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, type List, makeData, type Struct } from 'apache-arrow';
import type { Alloc } from '../../file/index.js';
import { buildColumn, NullBits, offsetsFor } from '../columns/column.js';
import { isObject, type Json, memberOf } from './json-row.js';
import { jsonReader } from './json-value.js';
import { type Shape, typeOfShape } from './shape.js';

/** Called for a value that its shape can't hold; `row` is the index among the values of the whole column. */
export type Refuse = (row: number, value: Json, shape: Shape, name?: string) => never;

/** A column of JSON values, nested ones included; all memory comes from `alloc`. */
export function jsonColumn(shape: Shape, values: readonly Json[], alloc: Alloc, refuse: Refuse): Data {
  switch (shape.kind) {
    case 'scalar': {
      const read = jsonReader(shape.type, shape.given);
      const value = (row: number) => {
        const json = values[row] as Json;
        return json === null ? null : (read(json) ?? refuse(row, json, shape));
      };
      return buildColumn(shape.type, values.length, value, alloc);
    }
    case 'list':
      return listColumn(shape, values, alloc, refuse);
    case 'struct':
      return structColumn(shape, values, alloc, refuse);
  }
}

function listColumn(
  shape: Shape & { readonly kind: 'list' },
  values: readonly Json[],
  alloc: Alloc,
  refuse: Refuse,
): Data {
  const nulls = new NullBits(values.length, alloc);
  const valueOffsets = offsetsFor(values.length, alloc);
  const items: Json[] = [];
  const rows: number[] = [];
  values.forEach((value, row) => {
    if (value === null) nulls.add(row);
    else if (!Array.isArray(value)) refuse(row, value, shape);
    else {
      for (const item of value) {
        items.push(item);
        rows.push(row);
      }
    }
    valueOffsets[row + 1] = items.length;
  });
  const child = jsonColumn(shape.item, items, alloc, (row, ...what) => refuse(rows[row] as number, ...what));
  const type = typeOfShape(shape) as List;
  return makeData({ type, length: values.length, valueOffsets, child, ...nulls.result() });
}

function structColumn(
  shape: Shape & { readonly kind: 'struct' },
  values: readonly Json[],
  alloc: Alloc,
  refuse: Refuse,
): Data {
  const nulls = new NullBits(values.length, alloc);
  values.forEach((value, row) => {
    if (value === null) nulls.add(row);
    else if (!isObject(value)) refuse(row, value, shape);
    else {
      for (const name of Object.keys(value)) if (!shape.fields.has(name)) refuse(row, value, shape, name);
    }
  });
  const children = [...shape.fields].map(([name, field]) => {
    const members = values.map((value) => (isObject(value) ? memberOf(value, name) : null));
    return jsonColumn(field, members, alloc, refuse);
  });
  return makeData({ type: typeOfShape(shape) as Struct, length: values.length, children, ...nulls.result() });
}
