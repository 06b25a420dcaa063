// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { COLUMN_TYPES, type ColumnType, INTEGER_RANGES, type Value, type ValueReader } from './column-type.js';

// No leading zeros: 00501 is a zip code, not a number.
const INTEGER = /^-?(?:0|[1-9]\d*)$/;
const DECIMAL = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?(Z|[+-]\d\d:?\d\d)?$/;
const MS_PER_DAY = 86_400_000;
/** No value of any integer type has more characters. */
const MAX_INTEGER_LENGTH = 20;
/** An integer of so many characters is exact as a number. */
const SAFE_LENGTH = 15;

/** Reads the texts of one type that are not empty, without a loss but for the rounding of floats, which are finite. */
export function textReader(type: ColumnType): ValueReader<string> {
  const range = INTEGER_RANGES.get(type);
  if (range !== undefined) return integerReader(...range);
  switch (type) {
    case 'float32':
    case 'float64':
      return (text) => (DECIMAL.test(text) ? finite(type, Number(text)) : undefined);
    case 'bool':
      return booleanOf;
    case 'date':
      return dateOf;
    case 'timestamp':
      return timestampOf;
    default:
      return (text) => text;
  }
}

/** The value, unless it is infinite in its type. */
export function finite(type: ColumnType, value: number): number | undefined {
  return Number.isFinite(type === 'float32' ? Math.fround(value) : value) ? value : undefined;
}

/** The same for a type that nobody asked for: an integer that its floats can't hold exactly is not read. */
export function exactTextReader(type: ColumnType): ValueReader<string> {
  const read = textReader(type);
  if (type !== 'float64') return read;
  return (text) => {
    const value = read(text);
    const exact = text.length <= SAFE_LENGTH || !INTEGER.test(text) || isExact(text);
    return exact ? value : undefined;
  };
}

/** Beyond these, an integer has too many digits for a float to be finite. */
const MAX_FLOAT_DIGITS = 310;

function isExact(integer: string): boolean {
  return integer.length <= MAX_FLOAT_DIGITS && BigInt(Number(integer)) === BigInt(integer);
}

/** What an inferred float64 would make of a number that it does not read. */
export function lossOf(type: ColumnType, text: string): 'rounded' | 'infinite' | undefined {
  if (type !== 'float64' || !DECIMAL.test(text)) return undefined;
  return Number.isFinite(Number(text)) ? 'rounded' : 'infinite';
}

/** The types that a text can be read as: what to propose. */
export function typesOfText(text: string): readonly ColumnType[] {
  return COLUMN_TYPES.filter((type) => textReader(type)(text) !== undefined);
}

function integerReader(min: bigint, max: bigint): ValueReader<string> {
  return (text) => {
    if (text.length > MAX_INTEGER_LENGTH || !INTEGER.test(text)) return undefined;
    const value = text.length <= SAFE_LENGTH ? Number(text) : BigInt(text);
    return value >= min && value <= max ? value : undefined;
  };
}

function booleanOf(text: string): Value | undefined {
  const lower = text.length <= 5 ? text.toLowerCase() : '';
  return lower === 'true' ? true : lower === 'false' ? false : undefined;
}

/** Days since 1970. */
function dateOf(text: string): Value | undefined {
  const ms = DATE.test(text) ? Date.parse(text) : Number.NaN;
  // `Date.parse` takes the 30th of February for the 1st of March.
  return new Date(ms).getUTCDate() === Number(text.slice(8)) ? ms / MS_PER_DAY : undefined;
}

/** ISO 8601 with up to six digits of a second; without an offset it is UTC. Microseconds since 1970. */
function timestampOf(text: string): Value | undefined {
  const [, date, time, fraction = '', offset = 'Z'] = TIMESTAMP.exec(text) ?? [];
  if (date === undefined || dateOf(date) === undefined) return undefined;
  const ms = Date.parse(`${date}T${time}${offset}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

const INFERRED: readonly ColumnType[] = ['int64', 'uint64', 'float64', 'bool'];

/**
 * The first of int64, uint64, float64, bool and utf8 that all texts fit; empty texts fit anything, and alone give utf8.
 * Numbers give float64 although some may be too large for it, or integers that it rounds: as texts they would surprise.
 */
export function inferText(texts: readonly string[]): ColumnType {
  const there = texts.filter((text) => text !== '');
  if (there.length === 0) return 'utf8';
  const fits = (type: ColumnType) => {
    const read = type === 'float64' ? (text: string) => DECIMAL.test(text) || undefined : textReader(type);
    return there.every((text) => read(text) !== undefined);
  };
  return INFERRED.find(fits) ?? 'utf8';
}
