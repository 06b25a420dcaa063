// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from './errors.js';
import { type IntoKeyExpr, KeyExpr } from './key-expr.js';
import { type IntoParameters, Parameters } from './parameters.js';

/** Whatever a selector can be made from. */
// biome-ignore lint/complexity/noBannedTypes: zenoh-ts accepts the wrapper class too
export type IntoSelector = Selector | KeyExpr | [KeyExpr, Parameters] | String | string;

/**
 * What a query is about: a key expression, and parameters for whoever answers. As a text `key/expr?a=1;b=2`.
 *
 * Specification: https://github.com/eclipse-zenoh/roadmap/tree/main/rfcs/ALL/Selectors
 */
export class Selector {
  readonly #keyExpr: KeyExpr;
  readonly #parameters: Parameters;

  /**
   * @param parameters none unless given; copied
   * @throws CoreError `KEY_EXPR_INVALID`, or `INVALID_ARGUMENT` for a value of the wrong type
   */
  constructor(keyexpr: IntoKeyExpr, parameters?: IntoParameters) {
    this.#keyExpr = keyexpr instanceof KeyExpr ? keyexpr : new KeyExpr(keyexpr);
    this.#parameters = new Parameters(parameters ?? '');
  }

  /**
   * The selector itself, or one of a key expression, a pair, or a text: its first `?` starts the parameters.
   *
   * @throws CoreError `KEY_EXPR_INVALID`, or `INVALID_ARGUMENT` for a value of the wrong type
   */
  static from(selector: IntoSelector): Selector {
    if (selector instanceof Selector) return selector;
    if (selector instanceof KeyExpr) return new Selector(selector);
    if (Array.isArray(selector)) return new Selector(selector[0], selector[1]);
    if (typeof selector !== 'string' && !(selector instanceof String)) {
      throw new CoreError('INVALID_ARGUMENT', `a selector is made from a string or a KeyExpr, not ${typeof selector}`);
    }
    const text = selector.toString();
    const mark = text.indexOf('?');
    return mark < 0 ? new Selector(text) : new Selector(text.slice(0, mark), text.slice(mark + 1));
  }

  keyExpr(): KeyExpr {
    return this.#keyExpr;
  }

  /** The selector's own parameters: a change of them is a change of the selector. */
  parameters(): Parameters {
    return this.#parameters;
  }

  /** The text, without a `?` when there are no parameters. */
  toString(): string {
    return this.#parameters.isEmpty() ? this.#keyExpr.toString() : `${this.#keyExpr}?${this.#parameters}`;
  }
}
