// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type Binary,
  type Bool,
  type DataType,
  type Date_,
  DateUnit,
  type Decimal,
  type Duration,
  type Float,
  type Int,
  Precision,
  type Time,
  type Timestamp,
  TimeUnit,
  Type,
  type Utf8,
} from 'apache-arrow';
import { strideForType } from 'apache-arrow/type';
import { unsupportedType } from '../errors.js';
import { typeNameOf } from '../types.js';
import { halfOf } from './half.js';

/**
 * What a row call of `ShmTableBuilder` takes for a column of a type, and what an array of values put by a `TablePublisher` may hold.
 *
 * | type | cell |
 * |---|---|
 * | integers, times, durations | a whole number that the type can hold; of 64 bits a bigint, or a number that is exact |
 * | floats | a number, rounded to the type |
 * | dates, timestamps | a `Date`, or milliseconds since 1970, as apache-arrow reads them; a bigint is a count of the type's own unit |
 * | decimals | a bigint, the unscaled value; or its 32-bit words, the lowest first |
 * | fixed-size binary, intervals | the bytes, or the 32-bit words, of one value |
 * | bool, utf8, binary | a boolean, a string, bytes |
 */
export type Cell<D extends DataType> = D extends Bool
  ? boolean
  : D extends Utf8
    ? string
    : D extends Date_ | Timestamp
      ? Date | number | bigint
      : D extends Decimal
        ? bigint | Uint32Array
        : D extends Float
          ? number
          : D extends Int | Time | Duration
            ? number | bigint
            : D extends Binary
              ? Uint8Array
              : Uint8Array | Int32Array;

/** Writes one cell into a column's values; false, with nothing written, for what the type can't hold. */
export type Store = (values: never, row: number, cell: unknown) => boolean;

type Numbers = Int32Array | Uint8Array;

const DAY_MS = 86_400_000;

/** Ticks of a unit in a millisecond. */
const TICKS_PER_MS: Readonly<Record<TimeUnit, number>> = {
  [TimeUnit.SECOND]: 1e-3,
  [TimeUnit.MILLISECOND]: 1,
  [TimeUnit.MICROSECOND]: 1e3,
  [TimeUnit.NANOSECOND]: 1e6,
};

/**
 * How cells of a fixed-width type, other than bool, are stored.
 *
 * @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_TYPE` for every other type, by its name.
 */
export function storeOf(type: DataType, column: string): Store {
  switch (type.typeId) {
    case Type.Int:
    case Type.Time:
    case Type.Duration:
      return type.ArrayType === BigInt64Array || type.ArrayType === BigUint64Array ? storeLong : storeInt;
    case Type.Float:
      return (type as Float).precision === Precision.HALF ? storeHalf : storeFloat;
    case Type.Date:
      return (type as Date_).unit === DateUnit.DAY ? storeDays : storeTicks(1);
    case Type.Timestamp:
      return storeTicks(TICKS_PER_MS[(type as Timestamp).unit]);
    case Type.Decimal:
      return storeDecimal(type as Decimal);
    case Type.FixedSizeBinary:
    case Type.Interval:
      return storeWords(strideForType(type));
    default:
      throw unsupportedType(typeNameOf(type.typeId), column);
  }
}

function storeInt(values: Int32Array, row: number, cell: unknown): boolean {
  if (typeof cell !== 'number') return false;
  const before = values[row] as number;
  values[row] = cell;
  if (values[row] === cell) return true;
  values[row] = before;
  return false;
}

function storeLong(values: BigInt64Array, row: number, cell: unknown): boolean {
  const wide = typeof cell === 'number' && Number.isSafeInteger(cell) ? BigInt(cell) : cell;
  if (typeof wide !== 'bigint') return false;
  const before = values[row] as bigint;
  values[row] = wide;
  if (values[row] === wide) return true;
  values[row] = before;
  return false;
}

function storeFloat(values: Float64Array, row: number, cell: unknown): boolean {
  if (typeof cell !== 'number') return false;
  values[row] = cell;
  return true;
}

function storeHalf(values: Uint16Array, row: number, cell: unknown): boolean {
  if (typeof cell !== 'number') return false;
  values[row] = halfOf(cell);
  return true;
}

/** Milliseconds since 1970; NaN for what is no time. */
function milliseconds(cell: unknown): number {
  if (cell instanceof Date) return cell.getTime();
  return typeof cell === 'number' ? cell : Number.NaN;
}

function storeDays(values: Int32Array, row: number, cell: unknown): boolean {
  return storeInt(values, row, typeof cell === 'bigint' ? Number(cell) : Math.floor(milliseconds(cell) / DAY_MS));
}

function storeTicks(perMs: number): Store {
  return (values: BigInt64Array, row: number, cell: unknown) => {
    if (typeof cell === 'bigint') return storeLong(values, row, cell);
    const ms = milliseconds(cell);
    if (!Number.isFinite(ms)) return false;
    // Whole milliseconds by whole numbers: their product may be more than a double holds exactly.
    const ticks = perMs > 1 && Number.isSafeInteger(ms) ? BigInt(ms) * BigInt(perMs) : BigInt(Math.floor(ms * perMs));
    return storeLong(values, row, ticks);
  };
}

function storeWords(words: number): Store {
  return (values: Numbers, row: number, cell: unknown) => {
    const view = cell as Numbers | undefined;
    if (!ArrayBuffer.isView(view) || view.constructor !== values.constructor || view.length !== words) return false;
    values.set(view, row * words);
    return true;
  };
}

function storeDecimal({ bitWidth, precision }: Decimal): Store {
  const limit = 10n ** BigInt(precision);
  const words = bitWidth / 32;
  const storeView = storeWords(words);
  return (values: never, row: number, cell: unknown) => {
    if (cell instanceof Uint32Array && cell.length === words) {
      const value = unscaled(cell);
      return value < limit && value > -limit && storeView(values, row, cell);
    }
    if (typeof cell !== 'bigint') return false;
    if (cell >= limit || cell <= -limit) return false;
    for (let word = 0; word < words; word++) {
      (values as Uint32Array)[row * words + word] = Number(BigInt.asUintN(32, cell >> BigInt(32 * word)));
    }
    return true;
  };
}

/** The number of the words, the lowest first. */
function unscaled(words: Uint32Array): bigint {
  return BigInt.asIntN(
    32 * words.length,
    words.reduceRight((value, word) => (value << 32n) | BigInt(word), 0n),
  );
}
