// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendMatching } from './backend.js';
import { CoreError } from './errors.js';
import type { KeyExpr } from './key-expr.js';
import { listenMatching, type MatchingListener, type MatchingListenerOptions, MatchingStatus } from './matching.js';
import { endAll } from './receiving.js';
import { EntityGlobalId } from './source-info.js';

/** Something declared on a key expression that matches others: what publishers and queriers share. */
export abstract class Matchable<B extends BackendMatching & { undeclare(): Promise<void> }> implements AsyncDisposable {
  readonly #keyExpr: KeyExpr;
  readonly #backend: B;
  readonly #listeners = new Set<AsyncDisposable>();
  readonly #owner: Set<AsyncDisposable>;
  #undeclaring: Promise<void> | undefined;

  /** @param owner what ends with the session */
  constructor(keyExpr: KeyExpr, backend: B, owner: Set<AsyncDisposable>) {
    this.#keyExpr = keyExpr;
    this.#backend = backend;
    this.#owner = owner;
  }

  keyExpr(): KeyExpr {
    return this.#keyExpr;
  }

  /** The id of this in the whole network, as `SourceInfo` takes it. @throws {CoreError} `UNSUPPORTED` over a WebSocket */
  id(): EntityGlobalId {
    return EntityGlobalId.fromString(this.#backend.id);
  }

  /**
   * Whether somebody matches now: a subscriber for a publisher, a queryable, by key and target, for a querier. Until one
   * does, what is put goes nowhere, and a get has no replies.
   *
   * @throws {CoreError} `SESSION_CLOSED`, `DISCONNECTED`
   */
  async matchingStatus(): Promise<MatchingStatus> {
    return new MatchingStatus(await this.live().matching());
  }

  /**
   * Listens to whether somebody matches. The listener ends with this and with the session.
   *
   * @throws {CoreError} `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK`, `DISCONNECTED`
   */
  async matchingListener(options: MatchingListenerOptions = {}): Promise<MatchingListener> {
    return listenMatching(this.live(), options, [this.#listeners, this.#owner]);
  }

  /** Idempotent. */
  undeclare(): Promise<void> {
    this.#undeclaring ??= endAll(this.#listeners).then(() => this.#backend.undeclare());
    return this.#undeclaring;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.undeclare();
  }

  /** @internal What stands behind this. @throws {CoreError} `SESSION_CLOSED` */
  protected live(): B {
    if (this.#undeclaring === undefined) return this.#backend;
    throw new CoreError('SESSION_CLOSED', `this ${this.kind} is undeclared`);
  }

  /** @internal For texts. */
  protected abstract readonly kind: string;
}
