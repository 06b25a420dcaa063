// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendQuerier } from './backend.js';
import type { ChannelReceiver } from './channels.js';
import { CongestionControl, Priority, ReplyKeyExpr } from './enums.js';
import { CoreError } from './errors.js';
import { type AskingOptions, type QuestionOptions, question, replies } from './get.js';
import type { KeyExpr } from './key-expr.js';
import { listenMatching, type MatchingListener, type MatchingListenerOptions, MatchingStatus } from './matching.js';
import { type IntoParameters, Parameters } from './parameters.js';
import { endAll } from './receiving.js';
import type { Reply } from './reply.js';
import { EntityGlobalId } from './source-info.js';
import type { Ledger } from './zbytes/ledger.js';

/** Options of `declareQuerier`. */
export type QuerierOptions = AskingOptions;
/** Options of `Querier.get`. */
export interface QuerierGetOptions extends QuestionOptions {
  parameters?: IntoParameters | undefined;
}

/** A declared querier: asks often on one key expression. */
export class Querier implements AsyncDisposable {
  readonly #keyExpr: KeyExpr;
  readonly #backend: BackendQuerier;
  readonly #options: QuerierOptions;
  readonly #session: Ledger;
  readonly #listeners = new Set<AsyncDisposable>();
  readonly #owner: Set<AsyncDisposable>;
  #undeclaring: Promise<void> | undefined;

  /** @param owner what ends with the session */
  constructor(
    keyExpr: KeyExpr,
    backend: BackendQuerier,
    options: QuerierOptions,
    session: Ledger,
    owner: Set<AsyncDisposable>,
  ) {
    this.#keyExpr = keyExpr;
    this.#backend = backend;
    this.#options = options;
    this.#session = session;
    this.#owner = owner;
  }

  keyExpr(): KeyExpr {
    return this.#keyExpr;
  }

  /** This querier's id in the whole network, as `SourceInfo` takes it. */
  id(): EntityGlobalId {
    return EntityGlobalId.fromString(this.#backend.id);
  }

  congestionControl(): CongestionControl {
    return this.#options.congestionControl ?? CongestionControl.DEFAULT_REQUEST;
  }

  priority(): Priority {
    return this.#options.priority ?? Priority.DEFAULT;
  }

  acceptReplies(): ReplyKeyExpr {
    return this.#options.acceptReplies ?? ReplyKeyExpr.DEFAULT;
  }

  /**
   * Asks. The channel ends after the last reply or the timeout; for a callback there is none.
   *
   * @throws {CoreError} `SESSION_CLOSED`, `CANCELLED`, `BUFFER_DETACHED`, `NETWORK`
   */
  async get(options: QuerierGetOptions = {}): Promise<ChannelReceiver<Reply> | undefined> {
    this.#check();
    const parameters = options.parameters === undefined ? '' : new Parameters(options.parameters).toString();
    const fields = question(options);
    return replies(options, this.#session, (plan) => this.#backend.get(parameters, fields, plan));
  }

  /** Whether some queryable matches key and target now: until one does, a get has no replies. @throws {CoreError} `SESSION_CLOSED` */
  async matchingStatus(): Promise<MatchingStatus> {
    this.#check();
    return new MatchingStatus(await this.#backend.matching());
  }

  /**
   * Listens to whether some queryable matches. The listener ends with this querier and with the session.
   *
   * @throws {CoreError} `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK`
   */
  async matchingListener(options: MatchingListenerOptions = {}): Promise<MatchingListener> {
    this.#check();
    return listenMatching(this.#backend, options, [this.#listeners, this.#owner]);
  }

  /** Idempotent. */
  undeclare(): Promise<void> {
    this.#undeclaring ??= endAll(this.#listeners).then(() => this.#backend.undeclare());
    return this.#undeclaring;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.undeclare();
  }

  #check(): void {
    if (this.#undeclaring !== undefined) throw new CoreError('SESSION_CLOSED', 'this querier is undeclared');
  }
}
