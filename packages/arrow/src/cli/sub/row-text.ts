// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CliError, codeOf } from '../cli-error.js';

/** Rows, and characters of them, turned into text before they are written: bounds the memory. */
const ROWS_AT_ONCE = 4096;
const CHARACTERS_AT_ONCE = 2 ** 20;

/** Of one row. A dictionary lets a few bytes stand for any amount of text. */
export const MAX_ROW_CHARACTERS = 2 ** 27;

/** Collects what is written at once. */
export class RowGroup<Row> {
  #rows: Row[] = [];
  #characters = 0;

  /** @returns whether it is time to write what {@link take} gives. */
  add(row: Row, characters: number): boolean {
    this.#rows.push(row);
    this.#characters += characters;
    return this.#rows.length >= ROWS_AT_ONCE || this.#characters >= CHARACTERS_AT_ONCE;
  }

  get characters(): number {
    return this.#characters;
  }

  take(): Row[] {
    const rows = this.#rows;
    this.#rows = [];
    this.#characters = 0;
    return rows;
  }
}

/** Texts one after the other, with commas between them. @throws {CliError} `OUTPUT_LIMIT` */
export function joined(count: number, item: (index: number) => string): string {
  let text = '';
  for (let i = 0; i < count; i++) {
    text += i === 0 ? item(i) : `,${item(i)}`;
    if (text.length > MAX_ROW_CHARACTERS) throw tooLong();
  }
  return text;
}

/** Makes the text of a row. @throws {CliError} `OUTPUT_LIMIT`, also for more than the engine has strings for. */
export function rowText<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    const long = error instanceof RangeError && error.message === 'Invalid string length';
    if (long || codeOf(error) === 'ERR_STRING_TOO_LONG') throw tooLong(error);
    throw error;
  }
}

export function tooLong(cause?: unknown): CliError {
  return new CliError(
    'OUTPUT_LIMIT',
    `a row is more than ${MAX_ROW_CHARACTERS} characters as text: use --output arrow, or --columns without the long one`,
    { cause },
  );
}
