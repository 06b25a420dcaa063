// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { InvalidArgumentError } from 'commander';
import { parse } from 'csv-parse/sync';
import type { TableMode } from '../../topic/index.js';
import { COLUMN_TYPES, type ColumnType } from '../columns/column-type.js';
import { MODES as SESSION_MODES } from '../connection.js';
import type { Rate } from './pace.js';

/** The values of flags that only `pub` has. */

export function character(text: string): string {
  if (text.length !== 1) throw new InvalidArgumentError('It must be one character.');
  return text;
}

const TYPE = COLUMN_TYPES.join('|');
const COLUMN = new RegExp(`^\\s*(.+?):(${TYPE})\\s*(?:,|$)`, 's');

/** `name:type,name:type`; a name may hold commas and colons. */
export function columnTypes(
  text: string,
  earlier: ReadonlyMap<string, ColumnType> = new Map(),
): ReadonlyMap<string, ColumnType> {
  const types = new Map(earlier);
  for (let rest = text; rest !== '' || text === ''; ) {
    const [all, name, type] = COLUMN.exec(rest) ?? [];
    if (all === undefined) {
      throw new InvalidArgumentError(`It must be NAME:TYPE,..., with types out of ${COLUMN_TYPES.join(', ')}.`);
    }
    types.set(name as string, type as ColumnType);
    rest = rest.slice(all.length);
  }
  return types;
}

/** `name,name`; a name with a comma in it goes in quotes, as in CSV. */
export function columnNames(text: string, earlier: readonly string[] = []): readonly string[] {
  let names: string[][] = [];
  try {
    names = parse(text, { trim: true, relax_column_count: true });
  } catch {
    // Told below.
  }
  const [line = []] = names;
  if (names.length !== 1 || line.includes('')) throw new InvalidArgumentError('It must be NAME,NAME,...');
  const all = [...earlier, ...line];
  const twice = all.find((name, index) => all.indexOf(name) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`'${twice}' is in it twice.`);
  return all;
}

/** `10`, `10/s`, `5000rows/s`. */
export function rateOf(text: string): Rate {
  const [, digits, rows] = /^(\d+(?:\.\d+)?)\s*(rows)?(?:\/s)?$/.exec(text.trim()) ?? [];
  const perSecond = Number(digits);
  if (!Number.isFinite(perSecond) || perSecond <= 0) {
    throw new InvalidArgumentError('It must be a number above 0 of batches a second, or of rows such as 5000rows.');
  }
  return { perSecond, unit: rows === undefined ? 'batches' : 'rows' };
}

/** What `--mode` is about is told by its value: zenoh's session, or the messages. */
export interface Modes {
  readonly session?: string;
  readonly table?: TableMode;
}

export const MODES = [...SESSION_MODES, 'self-contained', 'schema-ref'];

export function modesOf(text: string, earlier: Modes = {}): Modes {
  if (!MODES.includes(text)) throw new InvalidArgumentError(`Allowed choices are ${MODES.join(', ')}.`);
  const table = text === 'self-contained' || text === 'schema-ref';
  return table ? { ...earlier, table: text } : { ...earlier, session: text };
}
