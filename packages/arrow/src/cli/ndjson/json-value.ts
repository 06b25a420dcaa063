// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type ColumnType, INTEGER_RANGES, type Value, type ValueReader } from '../columns/column-type.js';
import { finite, textReader } from '../columns/text-value.js';
import type { Json } from './json-row.js';

/**
 * Reads the JSON values of one type. Dates and timestamps are strings; nothing else is converted.
 *
 * @param given whether the type was asked for: then floats round integers too.
 */
export function jsonReader(type: ColumnType, given = false): ValueReader<Json> {
  const range = INTEGER_RANGES.get(type);
  if (range !== undefined) return integerReader(...range);
  switch (type) {
    case 'float32':
    case 'float64':
      return (value) => floatOf(type, value, given);
    case 'bool':
      return (value) => (typeof value === 'boolean' ? value : undefined);
    case 'date':
    case 'timestamp': {
      const read = textReader(type);
      return (value) => (typeof value === 'string' ? read(value) : undefined);
    }
    default:
      // Half a surrogate pair has no UTF-8.
      return (value) => (typeof value === 'string' && isWellFormed(value) ? value : undefined);
  }
}

function integerReader(min: bigint, max: bigint): ValueReader<Json> {
  return (value): Value | undefined => {
    if (typeof value === 'number' ? !Number.isSafeInteger(value) : typeof value !== 'bigint') return undefined;
    return (value as number | bigint) >= min && (value as number | bigint) <= max
      ? (value as number | bigint)
      : undefined;
  };
}

/** An integer that no number holds exactly is not rounded in silence: it would have to be text. */
function floatOf(type: ColumnType, value: Json, rounded: boolean): Value | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const float = finite(type, Number(value));
  if (float === undefined || typeof value === 'number' || rounded) return float;
  return BigInt(float) === value ? float : undefined;
}

const HALF_PAIR = /\p{Surrogate}/u;

function isWellFormed(text: string): boolean {
  return !HALF_PAIR.test(text);
}
