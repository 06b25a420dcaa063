// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** An Arrow type, in a form that TypeScript and Python share. */
export type ColumnType =
  | { readonly kind: FlatKind }
  | { readonly kind: 'timestamp'; readonly unit: TimeUnitName; readonly tz: string | null }
  | { readonly kind: 'list'; readonly item: ColumnType }
  | { readonly kind: 'struct'; readonly fields: readonly ColumnField[] }
  | { readonly kind: 'dictionary'; readonly index: IndexKind; readonly values: ColumnType };

export type IntKind = 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64';
export type FloatKind = 'float16' | 'float32' | 'float64';
/** Days or milliseconds since 1970. */
export type DateKind = 'date32' | 'date64';
export type FlatKind = 'null' | 'bool' | 'utf8' | IntKind | FloatKind | DateKind;
export type IndexKind = Exclude<IntKind, 'int64' | 'uint64'>;
export type TimeUnitName = 's' | 'ms' | 'us' | 'ns';

export interface ColumnField {
  readonly name: string;
  readonly type: ColumnType;
}

/**
 * A value in a form that JSON carries without loss: integers, dates and timestamps are decimal texts of their stored
 * number; floats are numbers, or the texts `NaN`, `Infinity`, `-Infinity` and `-0`; lists and structs nest.
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
