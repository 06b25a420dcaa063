// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  Bool,
  type DataType,
  DateDay,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  TimestampMicrosecond,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
} from 'apache-arrow';

const ARROW = {
  int8: () => new Int8(),
  int16: () => new Int16(),
  int32: () => new Int32(),
  int64: () => new Int64(),
  uint8: () => new Uint8(),
  uint16: () => new Uint16(),
  uint32: () => new Uint32(),
  uint64: () => new Uint64(),
  float32: () => new Float32(),
  float64: () => new Float64(),
  bool: () => new Bool(),
  utf8: () => new Utf8(),
  date: () => new DateDay(),
  timestamp: () => new TimestampMicrosecond('UTC'),
} as const satisfies Record<string, () => DataType>;

/** A type that a column of text can be read as. `date` counts days, `timestamp` microseconds in UTC. */
export type ColumnType = keyof typeof ARROW;

/** All of them, the narrow ones first. */
export const COLUMN_TYPES = Object.keys(ARROW) as readonly ColumnType[];

export function arrowType(type: ColumnType): DataType {
  return ARROW[type]();
}

/** Smallest and largest value of each integer type. */
export const INTEGER_RANGES: ReadonlyMap<ColumnType, readonly [bigint, bigint]> = new Map(
  [8n, 16n, 32n, 64n].flatMap((bits): [ColumnType, [bigint, bigint]][] => [
    [`int${bits}` as ColumnType, [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n]],
    [`uint${bits}` as ColumnType, [0n, 2n ** bits - 1n]],
  ]),
);

/** A value as it is stored: `number` for up to 32 bits, floats and dates, `bigint` or a safe `number` for 64 bits. */
export type Value = number | bigint | boolean | string;

/** Reads a value; undefined when the type can't hold it. */
export type ValueReader<Raw> = (raw: Raw) => Value | undefined;
