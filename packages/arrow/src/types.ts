// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type DataType, type Dictionary, type Schema, Type } from 'apache-arrow';
import { unsupportedType } from './errors.js';

/** How the values of a type are laid out: which buffers a column of it has. */
export type Layout = 'null' | 'fixed' | 'bool' | 'utf8' | 'list' | 'struct' | 'dictionary';

/** Types of the format that apache-arrow's enumeration does not name. */
const UNNAMED_TYPES: Readonly<Record<number, string>> = { 22: 'RunEndEncoded', 25: 'ListView', 26: 'LargeListView' };

/**
 * The layout of a type.
 *
 * @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_TYPE` for every type that is not carried, by its name.
 */
export function layoutOf(type: DataType, column: string): Layout {
  switch (type.typeId) {
    case Type.Null:
      return 'null';
    case Type.Int:
    case Type.Float:
    case Type.Date:
    case Type.Timestamp:
      return 'fixed';
    case Type.Bool:
      return 'bool';
    case Type.Utf8:
      return 'utf8';
    case Type.List:
      return 'list';
    case Type.Struct:
      return 'struct';
    case Type.Dictionary:
      return dictionaryLayout(type as Dictionary, column);
    default:
      throw unsupportedType(typeNameOf(type.typeId), column);
  }
}

/** apache-arrow can't look a value up by a 64-bit index, which is a BigInt. */
function dictionaryLayout(type: Dictionary, column: string): Layout {
  if (type.indices.bitWidth <= 32) return 'dictionary';
  throw unsupportedType(`Dictionary with ${type.indices} indices`, column);
}

/** The name of a type id, which is the same number in apache-arrow and on the wire. */
export function typeNameOf(typeId: number): string {
  return Type[typeId] ?? UNNAMED_TYPES[typeId] ?? `type ${typeId}`;
}

/** Bytes of one value of a fixed-width type. */
export function widthOf(type: DataType): number {
  return (type.ArrayType as { readonly BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
}

/** @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_TYPE` when any column, nested or not, has a type not carried. */
export function checkSchema(schema: Schema): void {
  for (const field of schema.fields) checkType(field.type, field.name);
}

function checkType(type: DataType, column: string): void {
  if (layoutOf(type, column) === 'dictionary') {
    checkType((type as Dictionary).dictionary, column);
  } else {
    for (const child of type.children ?? []) checkType(child.type, `${column}.${child.name}`);
  }
}
