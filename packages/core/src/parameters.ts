// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from './errors.js';

/** Whatever parameters can be made from. */
// biome-ignore lint/complexity/noBannedTypes: zenoh-ts accepts the wrapper class too
export type IntoParameters = Parameters | string | String | Map<string, string>;

type Entry = [key: string, value: string];

/**
 * The parameters of a selector: a text such as `a=1;b=2;c=3|4;flag`, with the methods of a map over it.
 *
 * `;` is between parameters, the first `=` of each between its key and its value (empty without one), `|` between the
 * values of one key. Nothing is trimmed, escaped or decoded, and names that zenoh reserves (`_time`, `_anyke`) are kept
 * as they are. Any text is accepted, as in Rust: the `;`, `=` and `|` at its end are dropped, empty parameters skipped.
 * A key may come twice: `get` finds the first, and a change of that key makes them one.
 *
 * Any change writes the text anew, in Rust's form: no empty keys, and no `=` before an empty value. Specification:
 * https://github.com/eclipse-zenoh/roadmap/tree/main/rfcs/ALL/Selectors
 *
 * Every method throws a {@link CoreError} `INVALID_ARGUMENT` for a key, a value or a source of the wrong type.
 */
export class Parameters {
  #text: string;

  /** A copy of other parameters, or those of a text or a map. */
  constructor(intoParameters: IntoParameters) {
    this.#text = textOf(intoParameters);
  }

  static empty(): Parameters {
    return new Parameters('');
  }

  /** Removes every parameter of this key, and tells whether there was one. */
  remove(key: string): boolean {
    const found = this.containsKey(key);
    this.#text = joined(this.#entries().filter(([each]) => each !== key));
    return found;
  }

  /** Keys and values in order. */
  *iter(): Generator<[string, string]> {
    yield* this.#entries();
  }

  /** The values of a key, between its `|`; none when there is no such key. */
  *values(key: string): Generator<string> {
    const value = this.get(key);
    if (value !== undefined) yield* value.split('|');
  }

  isEmpty(): boolean {
    return this.#text === '';
  }

  containsKey(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** The value of the first parameter of this key: all of it, with its `|`. */
  get(key: string): string | undefined {
    checkText(key);
    return this.#entries().find(([each]) => each === key)?.[1];
  }

  /** Sets a key, at the end, and gives its old value. Neither may hold a `;`, nor the key a `=`: nothing is escaped. */
  insert(key: string, value: string): string | undefined {
    checkText(value);
    const old = this.get(key);
    this.#text = joined([...this.#entries().filter(([each]) => each !== key), [key, value]]);
    return old;
  }

  /** Adds other parameters at the end; a key of both gets the others' value. */
  extend(other: IntoParameters): void {
    const added = new Parameters(other).#entries();
    const keys = new Set(added.map(([key]) => key));
    this.#text = joined([...this.#entries().filter(([key]) => !keys.has(key)), ...added]);
  }

  /** The text. */
  toString(): string {
    return this.#text;
  }

  #entries(): Entry[] {
    return this.#text
      .split(';')
      .filter((parameter) => parameter !== '')
      .map((parameter) => {
        const end = parameter.indexOf('=');
        return end < 0 ? [parameter, ''] : [parameter.slice(0, end), parameter.slice(end + 1)];
      });
  }
}

function textOf(from: IntoParameters): string {
  if (from instanceof Parameters) return from.toString();
  if (from instanceof Map) {
    for (const entry of from) entry.forEach(checkText);
    return joined([...from]);
  }
  const text = from instanceof String ? from.toString() : from;
  checkText(text);
  // Not a regular expression: one that is anchored at the end alone takes quadratic time on many separators.
  let end = text.length;
  while (end > 0 && ';=|'.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

function joined(entries: readonly Entry[]): string {
  return entries
    .filter(([key]) => key !== '')
    .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
    .join(';');
}

function checkText(value: unknown): void {
  if (typeof value === 'string') return;
  throw new CoreError(
    'INVALID_ARGUMENT',
    `parameters are made of strings, not ${value === null ? 'null' : typeof value}`,
  );
}
