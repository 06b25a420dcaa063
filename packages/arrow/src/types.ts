// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type DataType, type Decimal, type Dictionary, type FixedSizeBinary, type Schema, Type } from 'apache-arrow';
import { beyond, invalid, unsupportedType } from './errors.js';
import { DEFAULT_LIMITS } from './limits.js';

/**
 * How the values of a type are laid out: which buffers a column of it has, and in which order (Columnar.rst "Buffer
 * Listing for Each Layout"). All but `null` and `union` start with a validity bitmap.
 *
 * - `null`: nothing.
 * - `fixed`: values of {@link widthOf} bytes. `bool`: one bit each.
 * - `bytes`: offsets of {@link offsetWidthOf} bytes, then text or bytes.
 * - `view`: views of {@link VIEW_BYTES}, then as many data buffers as the message says.
 * - `list`: offsets, then the items as a child; a map's are structs of key and value.
 * - `fixed list`, `struct`: children alone.
 * - `union`: type ids, offsets when it is dense, children.
 * - `dictionary`: indices; the values come in a message of their own.
 */
export type Layout =
  | 'null'
  | 'fixed'
  | 'bool'
  | 'bytes'
  | 'view'
  | 'list'
  | 'fixed list'
  | 'struct'
  | 'union'
  | 'dictionary';

/** Every type that apache-arrow has. */
const LAYOUTS: Readonly<Record<number, Layout>> = {
  [Type.Null]: 'null',
  [Type.Bool]: 'bool',
  [Type.Int]: 'fixed',
  [Type.Float]: 'fixed',
  [Type.Decimal]: 'fixed',
  [Type.Date]: 'fixed',
  [Type.Time]: 'fixed',
  [Type.Timestamp]: 'fixed',
  [Type.Duration]: 'fixed',
  [Type.Interval]: 'fixed',
  [Type.FixedSizeBinary]: 'fixed',
  [Type.Utf8]: 'bytes',
  [Type.Binary]: 'bytes',
  [Type.LargeUtf8]: 'bytes',
  [Type.LargeBinary]: 'bytes',
  [Type.Utf8View]: 'view',
  [Type.BinaryView]: 'view',
  [Type.List]: 'list',
  [Type.LargeList]: 'list',
  [Type.Map]: 'list',
  [Type.FixedSizeList]: 'fixed list',
  [Type.Struct]: 'struct',
  [Type.Union]: 'union',
  [Type.Dictionary]: 'dictionary',
};

/** Types of the format that apache-arrow's enumeration does not name. */
const UNNAMED_TYPES: Readonly<Record<number, string>> = { 22: 'RunEndEncoded', 25: 'ListView', 26: 'LargeListView' };

/** Bytes of a view: length, then the value itself, or its first four bytes, buffer and offset. */
export const VIEW_BYTES = 16;
/** Values of up to this many bytes are in the view itself. */
export const VIEW_INLINE_BYTES = 12;

/** Offsets of variable-length values, one more than there are values. */
export type Offsets = Int32Array | BigInt64Array;

/** The offsets of no values, by the width of one. */
export const NO_OFFSETS: Readonly<Record<4 | 8, Offsets>> = { 4: new Int32Array(1), 8: new BigInt64Array(1) };

/**
 * The layout of a type.
 *
 * @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_TYPE` for every type that is not carried, by its name.
 */
export function layoutOf(type: DataType, column: string): Layout {
  const layout = LAYOUTS[type.typeId];
  if (layout === undefined) throw unsupportedType(typeNameOf(type.typeId), column);
  return layout;
}

/** The name of a type id, which is the same number in apache-arrow and on the wire. */
export function typeNameOf(typeId: number): string {
  return Type[typeId] ?? UNNAMED_TYPES[typeId] ?? `type ${typeId}`;
}

/** Bytes of one value of a `fixed` type; 0 for binary values of no bytes. */
export function widthOf(type: DataType): number {
  switch (type.typeId) {
    case Type.Decimal:
      return (type as Decimal).bitWidth / 8;
    case Type.Interval:
      return 4 * (INTERVAL_WORDS[(type as { readonly unit?: number }).unit as number] ?? 0);
    case Type.FixedSizeBinary:
      return (type as FixedSizeBinary).byteWidth;
    default:
      return elementBytes(type);
  }
}

/** By IntervalUnit: months; days and milliseconds; months, days and nanoseconds. */
const INTERVAL_WORDS: readonly number[] = [1, 2, 4];

/**
 * What the address of a `fixed` type's values must be a multiple of. apache-arrow looks at decimals through 64-bit
 * integers, and who reads the nanoseconds of an interval would.
 */
export function alignmentOf(type: DataType): number {
  const isWide = type.typeId === Type.Decimal || type.typeId === Type.Interval;
  return isWide ? Math.min(8, widthOf(type)) : elementBytes(type);
}

/** Bytes of one offset of a `bytes` or `list` type. */
export function offsetWidthOf(type: DataType): 4 | 8 {
  return type.OffsetArrayType.BYTES_PER_ELEMENT === 8 ? 8 : 4;
}

function elementBytes(type: DataType): number {
  return (type.ArrayType as { readonly BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
}

const checked = new WeakSet<Schema>();

/**
 * Looks at each Schema object once.
 *
 * @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_TYPE` when any column, nested or not, has a type not carried; `ARROW_LIMIT`
 * when one is nested deeper than readers take it by default.
 */
export function checkSchema(schema: Schema): void {
  if (checked.has(schema)) return;
  for (const field of schema.fields) checkType(field.type, field.name);
  checked.add(schema);
}

/** @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_TYPE` for a type not carried, or one below it; `ARROW_LIMIT`. */
export function checkType(type: DataType, column: string, depth = 1): void {
  const { maxDepth } = DEFAULT_LIMITS;
  if (depth > maxDepth) throw beyond('maxDepth', depth, maxDepth);
  if (layoutOf(type, column) === 'dictionary') {
    checkDictionary(type as Dictionary, column);
    checkType((type as Dictionary).dictionary, column, depth);
  } else {
    if (type.typeId === Type.Decimal) checkDecimal(type as Decimal, column);
    for (const child of type.children ?? []) checkType(child.type, `${column}.${child.name}`, depth + 1);
  }
}

/** apache-arrow can't look a value up by a 64-bit index, which is a BigInt. */
export function checkDictionary({ indices, dictionary }: Dictionary, column: string): void {
  if (indices.bitWidth > 32) throw unsupportedType(`Dictionary with ${indices} indices`, column);
  // One field has one encoding; apache-arrow would write a type that does not exist.
  if (dictionary.typeId === Type.Dictionary) throw unsupportedType('Dictionary of Dictionary', column);
}

/** Digits that a decimal of so many bits has room for. */
const DECIMAL_DIGITS: Readonly<Record<number, number>> = { 32: 9, 64: 18, 128: 38, 256: 76 };

export function checkDecimal({ bitWidth, precision }: Decimal, column: string): void {
  const most = DECIMAL_DIGITS[bitWidth];
  if (most === undefined) throw unsupportedType(`Decimal of ${bitWidth} bits`, column);
  if (precision < 1 || precision > most) throw invalid(`a decimal of ${precision} digits in ${bitWidth} bits`, column);
}
