// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from './errors.js';
import { canonize } from './key-expr/canonize.js';
import { includes } from './key-expr/includes.js';
import { intersects } from './key-expr/intersects.js';
import { relation, type SetIntersectionLevel } from './key-expr/relation.js';
import { quote, validate } from './key-expr/validate.js';

/** Whatever a key expression can be made from. */
// biome-ignore lint/complexity/noBannedTypes: zenoh-ts accepts the wrapper class too
export type IntoKeyExpr = KeyExpr | String | string;

/**
 * A canonical key expression: a set of keys, written as chunks between `/`. `*` is any one chunk, `**` any number of
 * chunks, `$*` any characters within a chunk; a chunk that starts with `@` is matched by the very same chunk only.
 *
 * Two key expressions are the same set when their texts are equal. All checks follow zenoh's specification
 * (https://github.com/eclipse-zenoh/roadmap/blob/main/rfcs/ALL/Key%20Expressions.md) and give the answers of the Rust
 * implementation, in a time bounded by the product of the two lengths.
 *
 * Every method that takes an {@link IntoKeyExpr} throws a {@link CoreError}: `KEY_EXPR_INVALID` when the text is not a
 * canonical key expression, `INVALID_ARGUMENT` when it is not a text.
 */
export class KeyExpr {
  readonly #text: string;

  /**
   * The text as it is: it must be canonical, see {@link KeyExpr.autocanonize}.
   *
   * @throws CoreError `KEY_EXPR_INVALID`: the message says why, where, and gives the canonical form when there is one
   */
  constructor(keyexpr: IntoKeyExpr) {
    if (!(keyexpr instanceof KeyExpr)) validate(textOf(keyexpr));
    this.#text = textOf(keyexpr);
  }

  /** The key expression of the canonical form of a text. */
  static autocanonize(other: IntoKeyExpr): KeyExpr {
    return other instanceof KeyExpr ? other : new KeyExpr(canonize(textOf(other)));
  }

  toString(): string {
    return this.#text;
  }

  /**
   * Joins both sides with a `/` between, and canonizes. The right way to put chunks together.
   *
   * @throws CoreError `KEY_EXPR_INVALID` when the result can't be canonized
   */
  join(other: IntoKeyExpr): KeyExpr {
    return KeyExpr.autocanonize(`${this.#text}/${textOf(other)}`);
  }

  /**
   * Appends a text as it is; it need not be a key expression by itself.
   *
   * @throws CoreError `KEY_EXPR_INVALID` when the result is not canonical, or when a `*` would touch a `*`: this would
   * silently make another wildcard
   */
  concat(other: IntoKeyExpr): KeyExpr {
    const suffix = textOf(other);
    if (this.#text.endsWith('*') && suffix.startsWith('*')) {
      throw new CoreError(
        'KEY_EXPR_INVALID',
        `can't concatenate ${quote(this.#text)} and ${quote(suffix)}: the \`*\` on both sides would merge`,
      );
    }
    return new KeyExpr(this.#text + suffix);
  }

  /** Whether every key of `other` belongs to this key expression. */
  includes(other: IntoKeyExpr): boolean {
    return includes(this.#text, canonicalTextOf(other));
  }

  /** Whether at least one key belongs to both. */
  intersects(other: IntoKeyExpr): boolean {
    return intersects(this.#text, canonicalTextOf(other));
  }

  /** The highest level that holds, from this side: `INCLUDES` means that this includes `other`. */
  relationTo(other: IntoKeyExpr): SetIntersectionLevel {
    return relation(this.#text, canonicalTextOf(other));
  }

  /** Whether both are the same set of keys. */
  equals(other: IntoKeyExpr): boolean {
    return this.#text === canonicalTextOf(other);
  }
}

function textOf(value: IntoKeyExpr): string {
  if (typeof value === 'string') return value;
  if (value instanceof KeyExpr || value instanceof String) return value.toString();
  throw new CoreError('INVALID_ARGUMENT', `a key expression is a string or a KeyExpr, not ${typeof value}`);
}

function canonicalTextOf(value: IntoKeyExpr): string {
  return new KeyExpr(value).toString();
}
