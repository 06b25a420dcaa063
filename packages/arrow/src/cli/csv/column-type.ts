// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** The types a CSV column can be read as. */
export const CSV_TYPES = ['int32', 'int64', 'float64', 'bool', 'utf8'] as const;

export type CsvType = (typeof CSV_TYPES)[number];

const INT32_MAX = 0x7fff_ffff;
const INT64_MAX = 0x7fff_ffff_ffff_ffffn;
// No leading zeros: 00501 is a zip code, not a number.
const INTEGER = /^-?(?:0|[1-9]\d*)$/;
const DECIMAL = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const BOOLEAN = /^(?:true|false)$/i;

/** Whether a text that is not empty can be read as a type without a loss. */
export function fits(type: CsvType, text: string): boolean {
  switch (type) {
    case 'int32':
      return INTEGER.test(text) && between(BigInt(text), BigInt(INT32_MAX));
    case 'int64':
      // Fewer than 19 characters need no look at the value.
      return INTEGER.test(text) && (text.length < 19 || between(BigInt(text), INT64_MAX));
    case 'float64':
      return DECIMAL.test(text);
    case 'bool':
      return BOOLEAN.test(text);
    case 'utf8':
      return true;
  }
}

function between(value: bigint, max: bigint): boolean {
  return value <= max && value >= -max - 1n;
}

/** The narrowest of int64, float64, bool and utf8 that all values fit; empty values fit anything, and alone give utf8. */
export function inferType(values: Iterable<string>): CsvType {
  const candidates: CsvType[] = ['int64', 'float64', 'bool', 'utf8'];
  let seen = false;
  for (const text of values) {
    if (text === '') continue;
    seen = true;
    while (!fits(candidates[0] as CsvType, text)) candidates.shift();
    if (candidates.length === 1) break;
  }
  return seen ? (candidates[0] as CsvType) : 'utf8';
}
