// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { AdvancedPublisher, type AdvancedPublisherOptions, advancedPublication } from './advanced-publisher.js';
import { AdvancedSubscriber, type AdvancedSubscriberOptions, advancedSubscription } from './advanced-subscriber.js';
import {
  BACKEND,
  type BackendAdvancedInbox,
  type BackendInbox,
  type BackendSession,
  type InboxPlan,
  type OpenOptions,
  type PutResult,
  type SessionConfig,
} from './backend.js';
import type { ChannelReceiver } from './channels.js';
import {
  type ConnectionListener,
  type ConnectionListenerOptions,
  type ConnectionState,
  listenConnection,
} from './connection.js';
import type { Declared } from './declared.js';
import { DeclaredKeyExprs } from './declared-key-exprs.js';
import { Locality } from './enums.js';
import { CoreError } from './errors.js';
import {
  type AskingOptions,
  asking,
  type QuestionOptions,
  question,
  replies,
  type ToCallback,
  type ToChannel,
} from './get.js';
import { type IntoKeyExpr, KeyExpr } from './key-expr.js';
import { Liveliness } from './liveliness.js';
import { encodingText, type MessageOptions } from './message.js';
import { Publisher, type PublisherOptions } from './publisher.js';
import { check, checkEnum, checkKnown, checkOptions, packQos, type QosOptions } from './qos.js';
import { Querier, type QuerierOptions } from './querier.js';
import type { Query } from './query.js';
import { Queryable, type QueryableOptions } from './queryable.js';
import { type HandlerOptions, planReader, type Reader } from './reader.js';
import { endAll } from './receiving.js';
import type { Reply } from './reply.js';
import type { Sample } from './sample.js';
import { type IntoSelector, Selector } from './selector.js';
import { Sender } from './sender.js';
import { SessionInfo } from './session-info.js';
import type { SessionShmProvider } from './session-shm-provider.js';
import { type SessionStats, sessionStats } from './session-stats.js';
import { ShmDiagnosis } from './shm-diagnosis.js';
import { EntityGlobalId } from './source-info.js';
import { Subscriber, type SubscriberOptions } from './subscriber.js';
import { Timestamp } from './timestamp.js';
import { WebSocketServer } from './websocket-server.js';
import { Ledger } from './zbytes/ledger.js';
import type { Segment } from './zbytes/segment-list.js';
import { type FromSegmentsOptions, type IntoZBytes, ZBytes } from './zbytes/zbytes.js';
import { ZenohId } from './zenoh-id.js';

/** Options of `Session.put`. */
export interface PutOptions extends QosOptions, MessageOptions {}
/** Options of `Session.get`. */
export interface GetOptions extends AskingOptions, QuestionOptions {}
/** Options of `Session.delete`. */
export interface DeleteOptions extends QosOptions, Omit<MessageOptions, 'encoding'> {}

/**
 * A zenoh session: a node of the network. Close it when done: an open session does not keep the process alive, but its
 * subscribers do.
 *
 * Over a WebSocket it is a client of such a node. Whatever needs the server can then fail with `DISCONNECTED` too, what its
 * protocol lacks with `UNSUPPORTED`, and what is sent with `BACKLOG_FULL` and `MESSAGE_TOO_LARGE` (`LimitError`); and the
 * WebSocket keeps a Node process alive until the session is closed.
 */
export class Session implements AsyncDisposable {
  #backend: BackendSession;
  #declared = new Set<AsyncDisposable>();
  #keyExprs: DeclaredKeyExprs;
  #closing: Promise<void> | undefined;
  readonly #sender = new Sender();

  /** The server that this session was opened with. */
  readonly websocketServer: WebSocketServer | undefined;

  private constructor(backend: BackendSession) {
    this.#backend = backend;
    this.websocketServer = backend.websocketServer && new WebSocketServer(backend.websocketServer);
    this.#keyExprs = new DeclaredKeyExprs(backend);
  }

  /**
   * Opens a session. The config says how zenoh is reached: that of `@zenoh-segments/core` by the native addon in Node, that
   * of `@zenoh-segments/core/websocket`, which browsers get, by a server.
   *
   * @throws {CoreError} `OPEN_FAILED` when zenoh can't start with this config (an address in use, no router to connect
   * to), `SERVE_FAILED` when what `serve` asks for can't, `INVALID_ARGUMENT`, `SHM_LOCK_LIMIT` when shared memory is on and the process may not lock any, `ADDON_LOAD`
   */
  static async open(config: SessionConfig, options: OpenOptions = {}): Promise<Session> {
    const backend = config?.[BACKEND];
    check(backend !== undefined, 'config', config);
    checkOptions(options);
    checkKnown(options, '`Session.open`', { serve: true });
    return new Session(await backend.open(config, options));
  }

  /** Bytes carried and copied by everything this session sent and received. */
  get ledger(): Ledger {
    return this.#sender.ledger;
  }

  /**
   * What became of everything this session put and received. Costs some 50 microseconds.
   *
   * @throws {CoreError} `SESSION_CLOSED`
   */
  stats(): SessionStats {
    this.#check();
    return sessionStats(this.#sender.stats(), this.#backend.stats(), this.#declared);
  }

  /**
   * Undeclares everything and leaves the network. Idempotent.
   *
   * @throws {CoreError} `CLOSE_TIMEOUT` when a peer did not answer within 3 s: the session is closed, not cleanly
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#backend.beginClose?.();
    try {
      await endAll(this.#declared);
    } finally {
      // Whatever an undeclaration says, the session must be closed.
      await this.#backend.close();
    }
  }

  isClosed(): boolean {
    return this.#closing !== undefined || this.#backend.isClosed();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Whether this session reaches zenoh now. Only one over a WebSocket can be `reconnecting`. */
  connection(): ConnectionState {
    return this.#closing === undefined ? this.#backend.connection : 'closed';
  }

  /**
   * Listens to losses and returns of the connection; nothing happens to that of a native session. The listener ends with
   * the session.
   *
   * @throws {CoreError} `SESSION_CLOSED`, `INVALID_ARGUMENT`
   */
  async connectionListener(options: ConnectionListenerOptions = {}): Promise<ConnectionListener> {
    this.#check();
    return listenConnection(this.#backend, options, this.#declared);
  }

  /** This session's id on the network. */
  zid(): ZenohId {
    return ZenohId.fromString(this.#backend.zid);
  }

  /** Whom this session knows, and how it is connected to them. @throws {CoreError} `SESSION_CLOSED` */
  async info(): Promise<SessionInfo> {
    this.#check();
    const host = { backend: this.#backend, owned: this.#declared, check: () => this.#check() };
    return new SessionInfo(await this.#backend.info(), host);
  }

  /** This session's id as the source of messages, as `SourceInfo` takes it. */
  id(): EntityGlobalId {
    return EntityGlobalId.fromString(this.#backend.id);
  }

  /**
   * The time of this session's clock, which is never the same twice and never goes back; the clock is set forward by the
   * timestamps that come in. A session whose `timestamping` is disabled for its mode (a client or a peer, by default) has
   * no such clock: the time is then the system's.
   *
   * @throws {CoreError} `SESSION_CLOSED`
   */
  async newTimestamp(): Promise<Timestamp> {
    this.#check();
    return Timestamp.fromString(await this.#backend.newTimestamp());
  }

  /**
   * Declares a key expression: what this session then puts, deletes or gets with the very object returned goes to the
   * zenoh runtime as a number, which spares it the check and the search of the text. Worth it for texts used often. On
   * the network a number goes, whatever this does, where a publisher, a subscriber or the like declared the text there.
   *
   * The object is a `KeyExpr` like any other: on another session, after `undeclare`, or in what is made of it with `join`
   * or `concat`, its text is used. It ends with {@link undeclare}, with the session, or when it is collected.
   *
   * @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `NETWORK`
   */
  async declareKeyExpr(intoKeyExpr: IntoKeyExpr): Promise<KeyExpr> {
    this.#check();
    return this.#keyExprs.declare(intoKeyExpr);
  }

  /**
   * As zenoh-ts has it: a checked key expression, nothing declared. See {@link declareKeyExpr}.
   *
   * @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`
   */
  declareKeyexpr(intoKeyExpr: IntoKeyExpr): KeyExpr {
    this.#check();
    return new KeyExpr(intoKeyExpr);
  }

  /**
   * Undeclares a key expression of {@link declareKeyExpr}, or anything declared that has an `undeclare` of its own.
   *
   * @throws {CoreError} `SESSION_CLOSED`; `INVALID_ARGUMENT` for a key expression that this session did not declare, or
   * undeclared before
   */
  async undeclare(declared: KeyExpr | { undeclare(): Promise<void> }): Promise<void> {
    if (!(declared instanceof KeyExpr)) return declared.undeclare();
    this.#check();
    await this.#keyExprs.undeclare(declared);
  }

  /**
   * Publishes a payload once; declare a publisher to publish often. See `Publisher.put`.
   *
   * @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `BUFFER_DETACHED`, `PAYLOAD_DISPOSED`, `INVALID_ARGUMENT`, `NETWORK`,
   * `PUT_TIMEOUT`
   */
  async put(intoKeyExpr: IntoKeyExpr, payload: IntoZBytes, options: PutOptions = {}): Promise<PutResult> {
    this.#check();
    const keyExpr = new KeyExpr(intoKeyExpr).toString();
    const qos = packQos(options);
    const declared = this.#keyExprs.numberOf(intoKeyExpr);
    return this.#sender.put(payload, options, (bytes, fields) =>
      this.#backend.put(keyExpr, bytes, qos, fields, declared),
    );
  }

  /** As `put`, holding the event loop as long as zenoh takes. See `Publisher.putSync`. @throws {CoreError} as `put` */
  putSync(intoKeyExpr: IntoKeyExpr, payload: IntoZBytes, options: PutOptions = {}): PutResult {
    this.#check();
    const keyExpr = new KeyExpr(intoKeyExpr).toString();
    const qos = packQos(options);
    const declared = this.#keyExprs.numberOf(intoKeyExpr);
    return this.#sender.putSync(payload, options, (bytes, fields) =>
      this.#backend.putSync(keyExpr, bytes, qos, fields, declared),
    );
  }

  /** Shortcut for `put(keyExpr, ZBytes.fromSegments(segments, options), options)`. */
  putSegments(
    keyExpr: IntoKeyExpr,
    segments: Iterable<Segment>,
    options: PutOptions & FromSegmentsOptions = {},
  ): Promise<PutResult> {
    return this.put(keyExpr, ZBytes.fromSegments(segments, options), options);
  }

  /** Publishes a deletion of a key. @throws {CoreError} as `put` */
  async delete(intoKeyExpr: IntoKeyExpr, options: DeleteOptions = {}): Promise<PutResult> {
    this.#check();
    const keyExpr = new KeyExpr(intoKeyExpr).toString();
    const declared = this.#keyExprs.numberOf(intoKeyExpr);
    const qos = packQos(options);
    return this.#sender.delete(options, (fields) => this.#backend.delete(keyExpr, qos, fields, declared));
  }

  /** @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK` */
  async declarePublisher(intoKeyExpr: IntoKeyExpr, options: PublisherOptions = {}): Promise<Publisher> {
    this.#check();
    const keyExpr = new KeyExpr(intoKeyExpr);
    const encoding = options.encoding === undefined ? undefined : encodingText(options.encoding);
    const backend = await this.#backend.declarePublisher(keyExpr.toString(), encoding, packQos(options));
    return new Publisher(keyExpr, backend, options, this.#sender, this.#declared);
  }

  /** @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK` */
  async declareSubscriber(intoKeyExpr: IntoKeyExpr, options: SubscriberOptions = {}): Promise<Subscriber> {
    const origin = originOf(options);
    return this.#declare(subscriber, new KeyExpr(intoKeyExpr), options, (keyExpr, plan) =>
      this.#backend.declareSubscriber(keyExpr, origin, plan),
    );
  }

  /**
   * Declares a publisher that keeps what it put for late subscribers, numbers it, and tells of itself: see its options.
   *
   * @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK` (also for a cache without
   * `sampleMissDetection` when the config has no `timestamping`)
   */
  async declareAdvancedPublisher(
    intoKeyExpr: IntoKeyExpr,
    options: AdvancedPublisherOptions = {},
  ): Promise<AdvancedPublisher> {
    this.#check();
    const keyExpr = new KeyExpr(intoKeyExpr);
    const encoding = options.encoding === undefined ? undefined : encodingText(options.encoding);
    const [qos, settings] = [packQos(options), advancedPublication(options)];
    const backend = await this.#backend.declareAdvancedPublisher(keyExpr.toString(), encoding, qos, settings);
    const publisher = new AdvancedPublisher(keyExpr, backend, options, this.#sender, this.#declared);
    if (this.isClosed()) {
      await publisher.undeclare();
      this.#check();
    }
    this.#declared.add(publisher);
    return publisher;
  }

  /**
   * Declares a subscriber that asks advanced publishers for what it missed: see its options.
   *
   * @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK`
   */
  async declareAdvancedSubscriber(
    intoKeyExpr: IntoKeyExpr,
    options: AdvancedSubscriberOptions = {},
  ): Promise<AdvancedSubscriber> {
    const [origin, settings] = [originOf(options), advancedSubscription(options)];
    return this.#declare<Sample, AdvancedSubscriber, BackendAdvancedInbox>(
      (...parts) => new AdvancedSubscriber(...parts, () => this.liveliness()),
      new KeyExpr(intoKeyExpr),
      options,
      (keyExpr, plan) => this.#backend.declareAdvancedSubscriber(keyExpr, origin, settings, plan),
    );
  }

  /** @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK` */
  async declareQueryable(intoKeyExpr: IntoKeyExpr, options: QueryableOptions = {}): Promise<Queryable> {
    const origin = originOf(options);
    return this.#declare(queryable, new KeyExpr(intoKeyExpr), options, (keyExpr, plan) =>
      this.#backend.declareQueryable(keyExpr, options.complete ?? false, origin, plan),
    );
  }

  /** @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK` */
  async declareQuerier(intoKeyExpr: IntoKeyExpr, options: QuerierOptions = {}): Promise<Querier> {
    this.#check();
    const keyExpr = new KeyExpr(intoKeyExpr);
    const backend = await this.#backend.declareQuerier(keyExpr.toString(), asking(options));
    return new Querier(keyExpr, backend, options, this.ledger, this.#declared);
  }

  /**
   * Asks the queryables that match a selector. The channel ends after the last reply or the timeout; for a callback there
   * is none. Payload and attachment may have many segments.
   *
   * @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `CANCELLED`, `INVALID_ARGUMENT`, `BUFFER_DETACHED`, `NETWORK`
   */
  get(intoSelector: IntoSelector, options?: GetOptions & ToChannel): Promise<ChannelReceiver<Reply>>;
  get(intoSelector: IntoSelector, options: GetOptions & ToCallback): Promise<undefined>;
  get(intoSelector: IntoSelector, options?: GetOptions): Promise<ChannelReceiver<Reply> | undefined>;
  async get(intoSelector: IntoSelector, options: GetOptions = {}): Promise<ChannelReceiver<Reply> | undefined> {
    this.#check();
    const selector = Selector.from(intoSelector);
    const keyExpr = selector.keyExpr().toString();
    const parameters = selector.parameters().toString();
    const [how, fields] = [asking(options), question(options)];
    const declared = this.#keyExprs.numberOf(selector.keyExpr());
    return replies(options, this.ledger, (plan) => this.#backend.get(keyExpr, parameters, how, fields, plan, declared));
  }

  /**
   * The state of shared memory on this machine, in this process and for this session: whether it is on, which peers have it,
   * and what stands in its way.
   *
   * @throws {CoreError} `SESSION_CLOSED`
   */
  async diagnoseShm(): Promise<ShmDiagnosis> {
    this.#check();
    return new ShmDiagnosis(await this.#backend.diagnoseShm());
  }

  /**
   * The pool of shared memory that zenoh keeps for this session, to write payloads in place; made at the first question.
   *
   * @throws {CoreError} `SHM_UNAVAILABLE` unless the config enables `transport/shared_memory/transport_optimization`, or when
   * zenoh could not make the pool; `SESSION_CLOSED`
   */
  async shmProvider(): Promise<SessionShmProvider> {
    this.#check();
    return this.#backend.shmProvider();
  }

  /** Tokens of who is alive, and subscriptions to them. */
  liveliness(): Liveliness {
    return new Liveliness({
      backend: this.#backend,
      ledger: this.ledger,
      owned: this.#declared,
      check: () => this.#check(),
      subscribe: (keyExpr, options) =>
        this.#declare(subscriber, keyExpr, options, (key, plan) =>
          this.#backend.declareLivelinessSubscriber(key, options.history ?? false, plan),
        ),
    });
  }

  /** Declares what receives, and remembers it until it is undeclared. */
  async #declare<T, D extends Declared<T>, I extends BackendInbox<T>>(
    make: (...parts: Parts<T, I>) => D,
    keyExpr: KeyExpr,
    options: HandlerOptions<T>,
    start: (keyExpr: string, plan: InboxPlan) => Promise<I>,
  ): Promise<D> {
    this.#check();
    const { reader, bounds } = planReader<T>(options);
    const ledger = new Ledger(this.ledger);
    const inbox = await start(keyExpr.toString(), { bounds, ledger, onReady: () => reader.onReady() });
    const declared: D = make(keyExpr, inbox, reader, ledger, () => this.#declared.delete(declared));
    if (this.isClosed()) {
      // Closed while the declaration was under way: nobody else would end it.
      await declared.undeclare();
      this.#check();
    }
    this.#declared.add(declared);
    reader.attach(inbox);
    // Something may have come before there was anyone to read it.
    reader.onReady();
    return declared;
  }

  #check(): void {
    if (this.isClosed()) throw new CoreError('SESSION_CLOSED', 'this session is closed');
  }
}

/** What a declaration is made of. */
type Parts<T, I extends BackendInbox<T> = BackendInbox<T>> = [
  keyExpr: KeyExpr,
  inbox: I,
  reader: Reader<T>,
  ledger: Ledger,
  forget: () => void,
];

const subscriber = (...parts: Parts<Sample>) => new Subscriber(...parts);
const queryable = (...parts: Parts<Query>) => new Queryable(...parts);

function originOf(options: { readonly allowedOrigin?: Locality | undefined }): Locality {
  const origin = options.allowedOrigin ?? Locality.DEFAULT;
  checkEnum(Locality, origin, 'allowedOrigin');
  return origin;
}

/** Shortcut for `Session.open`. */
export function open(config: SessionConfig, options: OpenOptions = {}): Promise<Session> {
  return Session.open(config, options);
}
