// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type DataType, type Dictionary, type Field, type Schema, Type } from 'apache-arrow';

/** What tells types of one id apart, besides their children: the names under which apache-arrow's classes have it. */
const PARAMETERS = [
  'bitWidth',
  'isSigned',
  'precision',
  'scale',
  'unit',
  'timezone',
  'byteWidth',
  'listSize',
  'keysSorted',
  'mode',
  'typeIds',
] as const;

/**
 * Whether values of both types are written the same way and mean the same. apache-arrow's own comparison looks at classes, so that
 * a received `Int` of 32 bits is no `Int32` there, and at the ids of dictionaries, which are new for each type that is
 * made. The names of list items and of the parts of map entries say nothing, and whether values may be null is a field's.
 */
export function sameType(a: DataType, b: DataType): boolean {
  if (a === b) return true;
  if (!sameShape(a, b)) return false;
  if (a.typeId === Type.Dictionary)
    return sameType((a as Dictionary).dictionary, (b as unknown as Dictionary).dictionary);
  return sameChildren(a.children ?? [], b.children ?? [], a.typeId === Type.Struct || a.typeId === Type.Union);
}

/** The same of a type itself: its children, or the values of a dictionary, may be of any type. */
export function sameShape(a: DataType, b: DataType): boolean {
  if (a === b) return true;
  if (a.typeId !== b.typeId) return false;
  if (a.typeId === Type.Dictionary) return sameShape((a as Dictionary).indices, (b as unknown as Dictionary).indices);
  return (
    (a.children ?? []).length === (b.children ?? []).length &&
    PARAMETERS.every((name) => textOf(a, name) === textOf(b, name))
  );
}

function textOf(type: DataType, name: (typeof PARAMETERS)[number]): string {
  return String((type as Partial<Record<typeof name, unknown>>)[name] ?? '');
}

function sameChildren(a: readonly Field[], b: readonly Field[], named: boolean): boolean {
  if (a.length !== b.length) return false;
  return a.every((field, index) => {
    const other = b[index] as Field;
    return (!named || field.name === other.name) && sameType(field.type, other.type);
  });
}

/** Whether both have the same columns: names, types and order. */
export function sameSchema(a: Schema, b: Schema): boolean {
  return a === b || sameChildren(a.fields, b.fields, true);
}
