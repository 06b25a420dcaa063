// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { KeyExpr } from '../key-expr.js';

const MOST = 1024;
/** Longer ones are checked each time, and not kept. */
const LONGEST = 256;

/** Key expressions that came and were checked: most samples are of few keys. */
export class KnownKeys {
  readonly #known = new Set<string>();

  /**
   * Checks a key where it comes in, so that it is the server's fault and not that of the user's callback that asks for it.
   *
   * @throws {CoreError} `KEY_EXPR_INVALID`
   */
  check(key: string): void {
    if (this.#known.has(key)) return;
    new KeyExpr(key);
    if (key.length > LONGEST) return;
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.add(key);
  }
}
