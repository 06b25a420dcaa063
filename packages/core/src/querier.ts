// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendQuerier } from './backend.js';
import type { ChannelReceiver } from './channels.js';
import { CongestionControl, Priority, ReplyKeyExpr } from './enums.js';
import { type AskingOptions, type QuestionOptions, question, replies, type ToCallback, type ToChannel } from './get.js';
import type { KeyExpr } from './key-expr.js';
import { Matchable } from './matchable.js';
import { type IntoParameters, Parameters } from './parameters.js';
import type { Reply } from './reply.js';
import type { Ledger } from './zbytes/ledger.js';

/** Options of `declareQuerier`. */
export type QuerierOptions = AskingOptions;
/** Options of `Querier.get`. */
export interface QuerierGetOptions extends QuestionOptions {
  parameters?: IntoParameters | undefined;
}

/** A declared querier: asks often on one key expression. */
export class Querier extends Matchable<BackendQuerier> {
  readonly #options: QuerierOptions;
  readonly #session: Ledger;
  /** @internal */
  protected readonly kind = 'querier';

  /** @param owner what ends with the session */
  constructor(
    keyExpr: KeyExpr,
    backend: BackendQuerier,
    options: QuerierOptions,
    session: Ledger,
    owner: Set<AsyncDisposable>,
  ) {
    super(keyExpr, backend, owner);
    this.#options = options;
    this.#session = session;
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
   * @throws {CoreError} `SESSION_CLOSED`, `CANCELLED`, `BUFFER_DETACHED`, `NETWORK`, `DISCONNECTED`
   */
  get(options?: QuerierGetOptions & ToChannel): Promise<ChannelReceiver<Reply>>;
  get(options: QuerierGetOptions & ToCallback): Promise<undefined>;
  get(options?: QuerierGetOptions): Promise<ChannelReceiver<Reply> | undefined>;
  async get(options: QuerierGetOptions = {}): Promise<ChannelReceiver<Reply> | undefined> {
    const backend = this.live();
    const parameters = options.parameters === undefined ? '' : new Parameters(options.parameters).toString();
    const fields = question(options);
    return replies(options, this.#session, (plan) => backend.get(parameters, fields, plan));
  }
}
