// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError, KeFormatError } from './errors.js';
import type { FieldId, FieldValue, FieldValues, ParsedFields } from './key-expr/format/fields.js';
import { matchFormat } from './key-expr/format/match.js';
import { type FormatParts, type FormatSegment, fits, formatParts } from './key-expr/format/segments.js';
import { quote } from './key-expr/validate.js';
import { type IntoKeyExpr, KeyExpr } from './key-expr.js';

/** Several `**` fields can be tried in as many ways as a key has chunks, and keys come from strangers. */
const MOST_CHUNKS = 512;

/**
 * A format of keys: makes key expressions from named fields, and finds the fields in keys. After zenoh's `KeFormat`.
 *
 * ```ts
 * const imu = KeFormat.from('robot/${id:*}/sensor/${name:**}');
 * imu.format({ id: 7, name: 'imu/left' });        // robot/7/sensor/imu/left
 * imu.parse('robot/7/sensor/imu/left').name;      // imu/left
 * ```
 *
 * A field is a whole chunk of the text: `${id:pattern}` or `${id:pattern#default}`, and with a `}` inside `$#{...}#`. The
 * pattern is a key expression that includes the field's value; the default is the value where none is given. Outside of
 * fields there are no wildcards. The names of the fields are types: a wrong or missing one does not compile.
 *
 * Where zenoh's Rust 1.10 goes wrong this follows its documentation: there defaults are cut at wrong places, a format
 * without fields panics, and what stands between fields is not checked.
 */
export class KeFormat<Format extends string = string> {
  readonly #text: Format;
  readonly #parts: FormatParts;

  private constructor(text: Format) {
    this.#text = text;
    this.#parts = formatParts(text);
  }

  /** @throws {KeFormatError} `KEY_FORMAT_INVALID`: the message says why and where */
  static from<const Format extends string>(format: Format): KeFormat<Format> {
    return new KeFormat(format);
  }

  /** The names of the fields, in their order. */
  ids(): FieldId<Format>[] {
    return this.#parts.segments.map(({ id }) => id as FieldId<Format>);
  }

  /** Every key of this format: its patterns in the place of its fields. */
  keyExpr(): KeyExpr {
    return KeyExpr.autocanonize(this.#joined(({ pattern }) => pattern));
  }

  /**
   * A key expression of this format. A value is a key expression that the field's pattern includes, wildcards too, or
   * the empty text for a field of `**`.
   *
   * @throws {KeFormatError} `KEY_FORMAT_MISMATCH` for a value that does not fit, with the `field`'s name;
   * `INVALID_ARGUMENT` for a value that is no text or number, a name that the format does not have, and a field without a value or a default
   */
  format(values: FieldValues<Format>): KeyExpr {
    const given = new Map<string, FieldValue>();
    for (const [id, value] of Object.entries<FieldValue | undefined>(values)) {
      if (value !== undefined) given.set(id, value);
    }
    const text = this.#joined((segment) => {
      const value = given.get(segment.id);
      given.delete(segment.id);
      return value === undefined ? this.#fallback(segment) : this.#fitting(segment, textOf(segment.id, value));
    });
    const [unknown] = given.keys();
    if (unknown !== undefined) {
      throw new KeFormatError('INVALID_ARGUMENT', `${quote(this.#text)} has no field ${quote(unknown)}`, unknown);
    }
    return KeyExpr.autocanonize(text);
  }

  /**
   * The fields of a key, or of a key expression that intersects this format. Each field takes as much as it can, the
   * leftmost first: for `${a:**}/-/${b:**}` the `a` of `hey/-/-/there` is `hey/-`. A field of `**` may be empty.
   *
   * @throws {KeFormatError} `KEY_FORMAT_MISMATCH` when the two do not intersect, or the key has more than 512 chunks
   * @throws {CoreError} `KEY_EXPR_INVALID` when this is no key expression
   */
  parse(key: IntoKeyExpr): ParsedFields<Format> {
    const text = new KeyExpr(key).toString();
    const found = text.split('/', MOST_CHUNKS + 1).length > MOST_CHUNKS ? undefined : matchFormat(this.#parts, text);
    if (found === undefined) {
      throw new KeFormatError('KEY_FORMAT_MISMATCH', `${quote(text)} does not match ${quote(this.#text)}`);
    }
    const fields = this.#parts.segments.map(({ id }, i) => [id, found[i]]);
    return Object.fromEntries(fields) as ParsedFields<Format>;
  }

  toString(): Format {
    return this.#text;
  }

  /** The format with a text for each field; an empty one takes a slash along. */
  #joined(fieldText: (segment: FormatSegment) => string): string {
    const { segments, suffix } = this.#parts;
    let joined = '';
    const append = (part: string) => {
      const doubled = part.startsWith('/') && (joined === '' || joined.endsWith('/'));
      joined += doubled ? part.slice(1) : part;
    };
    for (const segment of segments) {
      append(segment.prefix);
      append(fieldText(segment));
    }
    append(suffix);
    return joined.endsWith('/') ? joined.slice(0, -1) : joined;
  }

  #fallback({ id, fallback }: FormatSegment): string {
    if (fallback !== undefined) return fallback;
    throw new KeFormatError('INVALID_ARGUMENT', `${quote(this.#text)} needs a value for ${quote(id)}`, id);
  }

  #fitting({ id, pattern }: FormatSegment, value: string): string {
    try {
      if (fits(pattern, value === '' ? '' : new KeyExpr(value).toString())) return value;
    } catch (error) {
      // Not a key expression: it fits nowhere, and the message says why.
      if (!(error instanceof CoreError)) throw error;
      throw new KeFormatError('KEY_FORMAT_MISMATCH', `${quote(id)} can't be set: ${error.message}`, id);
    }
    const message = `${quote(id)} can't be ${quote(value)}: the pattern ${quote(pattern)} does not include it`;
    throw new KeFormatError('KEY_FORMAT_MISMATCH', message, id);
  }
}

function textOf(id: string, value: FieldValue): string {
  if (value instanceof KeyExpr || !['object', 'function', 'symbol'].includes(typeof value)) return String(value);
  throw new KeFormatError('INVALID_ARGUMENT', `${quote(id)} can't be set to ${typeof value}`, id);
}
