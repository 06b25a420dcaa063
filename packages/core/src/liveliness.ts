// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendSession, BackendToken, QueueBounds } from './backend.js';
import type { CancellationToken } from './cancellation-token.js';
import type { ChannelReceiver, Handler } from './channels.js';
import type { IntoDuration } from './duration.js';
import { asking, replies, type ToCallback, type ToChannel } from './get.js';
import { type IntoKeyExpr, KeyExpr } from './key-expr.js';
import type { Reply } from './reply.js';
import type { Sample } from './sample.js';
import type { Subscriber } from './subscriber.js';
import type { Ledger } from './zbytes/ledger.js';

/** Options of `Liveliness.declareSubscriber`. */
export interface LivelinessSubscriberOptions {
  /** Whether tokens that stand already are told too; false unless given. */
  history?: boolean | undefined;
  handler?: Handler<Sample> | undefined;
  bounds?: Partial<QueueBounds> | undefined;
}

/** Options of `Liveliness.get`. */
export interface LivelinessGetOptions {
  /** 10 s unless given. */
  timeout?: IntoDuration | undefined;
  handler?: Handler<Reply> | undefined;
  signal?: AbortSignal | undefined;
  cancellationToken?: CancellationToken | undefined;
}

/** What the session lends its liveliness. */
export interface LivelinessHost {
  readonly backend: BackendSession;
  readonly ledger: Ledger;
  /** What ends with the session, and is kept until then. */
  readonly owned: Set<AsyncDisposable>;
  check(): void;
  /** As `Session.declareSubscriber` does it. */
  subscribe(keyExpr: KeyExpr, options: LivelinessSubscriberOptions): Promise<Subscriber>;
}

/** Who is alive: tokens, and those who watch them. A token's sample is a put when it appears, a delete when it goes. */
export class Liveliness {
  readonly #host: LivelinessHost;

  constructor(host: LivelinessHost) {
    this.#host = host;
  }

  /** @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `NETWORK` */
  async declareToken(intoKeyExpr: IntoKeyExpr): Promise<LivelinessToken> {
    this.#host.check();
    const { backend, owned, check } = this.#host;
    const token = new LivelinessToken(await backend.declareToken(new KeyExpr(intoKeyExpr).toString()), owned);
    try {
      // Closed while the declaration was under way: nobody else would end it.
      check();
    } catch (error) {
      await token.undeclare();
      throw error;
    }
    return token;
  }

  /** @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK` */
  async declareSubscriber(intoKeyExpr: IntoKeyExpr, options: LivelinessSubscriberOptions = {}): Promise<Subscriber> {
    this.#host.check();
    return this.#host.subscribe(new KeyExpr(intoKeyExpr), options);
  }

  /** The tokens that stand now. @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `CANCELLED`, `NETWORK` */
  get(intoKeyExpr: IntoKeyExpr, options?: LivelinessGetOptions & ToChannel): Promise<ChannelReceiver<Reply>>;
  get(intoKeyExpr: IntoKeyExpr, options: LivelinessGetOptions & ToCallback): Promise<undefined>;
  get(intoKeyExpr: IntoKeyExpr, options?: LivelinessGetOptions): Promise<ChannelReceiver<Reply> | undefined>;
  async get(intoKeyExpr: IntoKeyExpr, options: LivelinessGetOptions = {}): Promise<ChannelReceiver<Reply> | undefined> {
    this.#host.check();
    const keyExpr = new KeyExpr(intoKeyExpr).toString();
    const { timeout } = asking({ timeout: options.timeout });
    return replies(options, this.#host.ledger, (plan) => this.#host.backend.livelinessGet(keyExpr, timeout, plan));
  }
}

/** While it stands, the network knows that its key is alive, whether or not anybody holds this. Ends with its session. */
export class LivelinessToken implements AsyncDisposable {
  readonly #backend: BackendToken;
  readonly #owner: Set<AsyncDisposable>;
  #undeclaring: Promise<void> | undefined;

  /** @param owner what ends with the session */
  constructor(backend: BackendToken, owner: Set<AsyncDisposable>) {
    this.#backend = backend;
    this.#owner = owner;
    owner.add(this);
  }

  /** Idempotent. */
  undeclare(): Promise<void> {
    this.#owner.delete(this);
    this.#undeclaring ??= this.#backend.undeclare();
    return this.#undeclaring;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.undeclare();
  }
}
