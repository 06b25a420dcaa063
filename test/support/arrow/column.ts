// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** An Arrow type, in a form that TypeScript and Python share. */
export type ColumnType =
  | { readonly kind: FlatKind }
  | { readonly kind: 'timestamp'; readonly unit: TimeUnitName; readonly tz: string | null }
  | { readonly kind: 'time' | 'duration'; readonly unit: TimeUnitName }
  | { readonly kind: 'decimal'; readonly bits: DecimalBits; readonly precision: number; readonly scale: number }
  | { readonly kind: 'fixed_binary'; readonly width: number }
  | { readonly kind: 'list' | 'large_list'; readonly item: ColumnType }
  | { readonly kind: 'fixed_list'; readonly size: number; readonly item: ColumnType }
  | { readonly kind: 'struct'; readonly fields: readonly ColumnField[] }
  | { readonly kind: 'map'; readonly sorted: boolean; readonly key: ColumnType; readonly value: ColumnType }
  | UnionType
  | { readonly kind: 'dictionary'; readonly index: IndexKind; readonly values: ColumnType };

export interface UnionType {
  readonly kind: 'dense_union' | 'sparse_union';
  /** What the format calls type ids, one for each field. */
  readonly ids: readonly number[];
  readonly fields: readonly ColumnField[];
}

export type IntKind = 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64';
export type FloatKind = 'float16' | 'float32' | 'float64';
export type TextKind = 'utf8' | 'large_utf8' | 'utf8_view';
export type BinaryKind = 'binary' | 'large_binary' | 'binary_view';
/** Days or milliseconds since 1970. */
export type DateKind = 'date32' | 'date64';
export type IntervalKind = 'interval_months' | 'interval_days' | 'interval_nanos';
export type FlatKind = 'null' | 'bool' | IntKind | FloatKind | DateKind | TextKind | BinaryKind | IntervalKind;
export type IndexKind = Exclude<IntKind, 'int64' | 'uint64'>;
export type TimeUnitName = 's' | 'ms' | 'us' | 'ns';
export type DecimalBits = 32 | 64 | 128 | 256;

export interface ColumnField {
  readonly name: string;
  readonly type: ColumnType;
}

/**
 * A value in a form that JSON carries without loss: integers, dates, times, durations, timestamps and unscaled decimals
 * are decimal texts of their stored number; bytes are hex; floats are numbers, or the texts `NaN`, `Infinity`,
 * `-Infinity` and `-0`; intervals are lists of the texts of their parts; lists and structs nest, a map is a list of
 * pairs, and a value of a union is a pair of its type id and what it holds.
 */
export type ColumnValue =
  | null
  | boolean
  | number
  | string
  | readonly ColumnValue[]
  | { readonly [name: string]: ColumnValue };

export interface Column extends ColumnField {
  readonly values: readonly ColumnValue[];
}

export function floatValue(value: number): ColumnValue {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

/** A union has no nulls of its own, its fields have. */
export function nullOf(type: ColumnType): ColumnValue {
  const isUnion = type.kind === 'dense_union' || type.kind === 'sparse_union';
  return isUnion ? [type.ids[0]!, nullOf(type.fields[0]!.type)] : null;
}
