// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendSession } from './backend.js';
import { CoreError } from './errors.js';
import { type IntoKeyExpr, KeyExpr } from './key-expr.js';
import { report } from './report.js';

/** The key expressions that a session declared, by the very object that `declareKeyExpr` gave. */
export class DeclaredKeyExprs {
  readonly #backend: BackendSession;
  readonly #numbers = new WeakMap<KeyExpr, number>();
  /** Who drops a declared key expression undeclares it, as in Rust. */
  readonly #dropped = new FinalizationRegistry<number>((declared) => {
    if (!this.#backend.isClosed()) this.#backend.undeclareKeyExpr(declared).catch(report);
  });

  constructor(backend: BackendSession) {
    this.#backend = backend;
  }

  async declare(intoKeyExpr: IntoKeyExpr): Promise<KeyExpr> {
    const text = new KeyExpr(intoKeyExpr).toString();
    const declared = await this.#backend.declareKeyExpr(text);
    const keyExpr = new KeyExpr(text);
    this.#numbers.set(keyExpr, declared);
    this.#dropped.register(keyExpr, declared, keyExpr);
    return keyExpr;
  }

  /** @throws {CoreError} `INVALID_ARGUMENT` when it is not declared here, or not any more */
  async undeclare(keyExpr: KeyExpr): Promise<void> {
    const declared = this.#numbers.get(keyExpr);
    if (declared === undefined) {
      throw new CoreError('INVALID_ARGUMENT', `\`${keyExpr}\` is not declared on this session, or not any more`);
    }
    this.#numbers.delete(keyExpr);
    this.#dropped.unregister(keyExpr);
    await this.#backend.undeclareKeyExpr(declared);
  }

  /** The number to send instead of the text, if there is one. */
  numberOf(keyExpr: IntoKeyExpr): number | undefined {
    return keyExpr instanceof KeyExpr ? this.#numbers.get(keyExpr) : undefined;
  }
}
