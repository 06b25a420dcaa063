// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type DataType, Field, List, Struct } from 'apache-arrow';
import { arrowType, type ColumnType, INTEGER_RANGES } from '../columns/column-type.js';
import { isObject, type Json, type JsonObject, memberOf } from './json-row.js';

/** What a JSON value is read as. */
export type Shape =
  | { readonly kind: 'scalar'; readonly type: ColumnType; readonly given?: boolean }
  | { readonly kind: 'list'; readonly item: Shape }
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, Shape> };

/** Nesting that a shape follows. */
export const MAX_DEPTH = 32;

export const scalar = (type: ColumnType, given = false): Shape => ({ kind: 'scalar', type, given });

/**
 * The shape that all values fit, nulls aside; nulls alone are text.
 *
 * @returns undefined when there is none: text beside numbers, objects beside lists, too deep.
 */
export function inferShape(values: readonly Json[], depth = 0): Shape | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const there = values.filter((value) => value !== null);
  if (there.length === 0) return scalar('utf8');
  if (there.every(Array.isArray)) {
    const item = inferShape((there as unknown as Json[][]).flat(), depth + 1);
    return item && { kind: 'list', item };
  }
  if (there.every(isObject)) {
    const fields = new Map<string, Shape>();
    for (const [name, members] of membersOf(there)) {
      const shape = inferShape(members, depth + 1);
      if (shape === undefined) return undefined;
      fields.set(name, shape);
    }
    return { kind: 'struct', fields };
  }
  const type = scalarType(there);
  return type && scalar(type);
}

function scalarType(values: readonly Json[]): ColumnType | undefined {
  if (values.every((value) => typeof value === 'string')) return 'utf8';
  if (values.every((value) => typeof value === 'boolean')) return 'bool';
  if (values.every((value) => isInteger(value, 'int64'))) return 'int64';
  if (values.every((value) => isInteger(value, 'uint64'))) return 'uint64';
  if (values.every((value) => typeof value === 'number' || isInteger(value, 'int64'))) return 'float64';
  return undefined;
}

function isInteger(value: Json, type: ColumnType): boolean {
  if (typeof value === 'number' ? !Number.isSafeInteger(value) : typeof value !== 'bigint') return false;
  const [min, max] = INTEGER_RANGES.get(type) as readonly [bigint, bigint];
  return (value as number | bigint) >= min && (value as number | bigint) <= max;
}

export function typeOfShape(shape: Shape): DataType {
  switch (shape.kind) {
    case 'scalar':
      return arrowType(shape.type);
    case 'list':
      return new List(new Field('item', typeOfShape(shape.item), true));
    case 'struct':
      return new Struct([...shape.fields].map(([name, field]) => new Field(name, typeOfShape(field), true)));
  }
}

/** The values that objects have under each name, in the order the names come: names that others lack cost nothing. */
function membersOf(objects: readonly JsonObject[]): Map<string, Json[]> {
  const members = new Map<string, Json[]>();
  for (const object of objects) {
    for (const name of Object.keys(object)) {
      const values = members.get(name);
      if (values === undefined) members.set(name, [memberOf(object, name)]);
      else values.push(memberOf(object, name));
    }
  }
  return members;
}

/** A shape in words. */
export function nameOfShape(shape: Shape): string {
  switch (shape.kind) {
    case 'scalar':
      return shape.type;
    case 'list':
      return `list of ${nameOfShape(shape.item)}`;
    case 'struct':
      return `struct of ${[...shape.fields.keys()].join(', ')}`;
  }
}
