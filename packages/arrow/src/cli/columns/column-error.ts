// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZenohError } from '@zenoh-segments/core';
import leven from 'leven';
import { DEFAULT_LIMITS } from '../../limits.js';

/** A column was named that is not there; the message has the names that are. */
export class ColumnError extends ZenohError<'COLUMN_UNKNOWN'> {
  override readonly name = 'ColumnError';

  constructor(message: string) {
    super('COLUMN_UNKNOWN', message);
  }
}

/** Readers refuse tables of more. */
export const MAX_COLUMNS = DEFAULT_LIMITS.maxFields;

/** The most names a message lists. */
const LISTED = 40;

/**
 * @param wanted names, each of which must be one of `known`.
 * @throws {ColumnError} `COLUMN_UNKNOWN`, with the name that was probably meant.
 */
export function checkColumns(wanted: Iterable<string>, known: readonly string[]): void {
  const names = new Set(known);
  for (const name of wanted) {
    if (names.has(name)) continue;
    const guess = nearest(name, known);
    const list = known.slice(0, LISTED).map((each) => `'${each}'`);
    if (known.length > LISTED) list.push(`and ${known.length - LISTED} more`);
    throw new ColumnError(
      `there is no column '${name}'${guess === undefined ? '' : ` (did you mean '${guess}'?)`}; ` +
        (list.length === 0 ? 'there are no columns' : `the columns are ${list.join(', ')}`),
    );
  }
}

/** The name that differs in a third of its letters at most, case aside. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known.slice(0, 1000).map((each) => {
    const distance = leven(name.toLowerCase(), each.toLowerCase());
    return { each, distance: distance / Math.max(each.length, name.length, 1) };
  });
  const [best] = ranked.sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= 0.34 ? best.each : undefined;
}
