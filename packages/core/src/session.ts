// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Backend, BackendInbox, BackendSession, InboxPlan } from './backend.js';
import type { ChannelReceiver } from './channels.js';
import type { Config } from './config.js';
import type { Declared } from './declared.js';
import { Locality } from './enums.js';
import { CoreError } from './errors.js';
import { type AskingOptions, asking, type QuestionOptions, question, replies } from './get.js';
import { type IntoKeyExpr, KeyExpr } from './key-expr.js';
import { Liveliness } from './liveliness.js';
import { encodingText, type MessageOptions, messageFields, send } from './message.js';
import { nativeBackend } from './native/backend.js';
import { Publisher, type PublisherOptions } from './publisher.js';
import { checkEnum, packQos, type QosOptions } from './qos.js';
import { Querier, type QuerierOptions } from './querier.js';
import { Queryable, type QueryableOptions } from './queryable.js';
import { type HandlerOptions, planReader } from './reader.js';
import type { Reply } from './reply.js';
import { type IntoSelector, Selector } from './selector.js';
import { ShmDiagnosis } from './shm-diagnosis.js';
import { Subscriber, type SubscriberOptions } from './subscriber.js';
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
 */
export class Session implements AsyncDisposable {
  readonly #backend: BackendSession;
  readonly #declared = new Set<AsyncDisposable>();
  #closing: Promise<void> | undefined;
  /** Bytes carried and copied by everything this session sent and received. */
  readonly ledger = new Ledger();

  private constructor(backend: BackendSession) {
    this.#backend = backend;
  }

  /**
   * Opens a session.
   *
   * @param backend how zenoh is reached; the native addon unless given.
   * @throws {CoreError} `OPEN_FAILED` when zenoh can't start with this config (an address in use, no router to connect
   * to), `SHM_LOCK_LIMIT` when shared memory is on and the process may not lock any, `ADDON_LOAD`
   */
  static async open(config: Config, backend: Backend<Config> = nativeBackend): Promise<Session> {
    return new Session(await backend.open(config));
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
    await Promise.all([...this.#declared].map((declared) => declared[Symbol.asyncDispose]()));
    await this.#backend.close();
  }

  isClosed(): boolean {
    return this.#closing !== undefined || this.#backend.isClosed();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** This session's id on the network. */
  zid(): ZenohId {
    return ZenohId.fromString(this.#backend.zid);
  }

  /**
   * Publishes a payload once; declare a publisher to publish often. See `Publisher.put`.
   *
   * @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `BUFFER_DETACHED`, `PAYLOAD_DISPOSED`, `INVALID_ARGUMENT`, `NETWORK`
   */
  async put(intoKeyExpr: IntoKeyExpr, payload: IntoZBytes, options: PutOptions = {}): Promise<void> {
    this.#check();
    const keyExpr = new KeyExpr(intoKeyExpr).toString();
    const qos = packQos(options);
    await send(payload, options, this.ledger, (bytes, fields) => this.#backend.put(keyExpr, bytes, qos, fields));
  }

  /** Shortcut for `put(keyExpr, ZBytes.fromSegments(segments, options), options)`. */
  putSegments(
    keyExpr: IntoKeyExpr,
    segments: Iterable<Segment>,
    options: PutOptions & FromSegmentsOptions = {},
  ): Promise<void> {
    return this.put(keyExpr, ZBytes.fromSegments(segments, options), options);
  }

  /** Publishes a deletion of a key. @throws {CoreError} as `put` */
  async delete(intoKeyExpr: IntoKeyExpr, options: DeleteOptions = {}): Promise<void> {
    this.#check();
    const keyExpr = new KeyExpr(intoKeyExpr).toString();
    await this.#backend.delete(keyExpr, packQos(options), messageFields(options));
  }

  /** @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK` */
  async declarePublisher(intoKeyExpr: IntoKeyExpr, options: PublisherOptions = {}): Promise<Publisher> {
    this.#check();
    const keyExpr = new KeyExpr(intoKeyExpr);
    const encoding = options.encoding === undefined ? undefined : encodingText(options.encoding);
    const backend = await this.#backend.declarePublisher(keyExpr.toString(), encoding, packQos(options));
    return new Publisher(keyExpr, backend, options, this.ledger);
  }

  /** @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK` */
  async declareSubscriber(intoKeyExpr: IntoKeyExpr, options: SubscriberOptions = {}): Promise<Subscriber> {
    const origin = originOf(options);
    return this.#declare(Subscriber, new KeyExpr(intoKeyExpr), options, (keyExpr, plan) =>
      this.#backend.declareSubscriber(keyExpr, origin, plan),
    );
  }

  /** @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK` */
  async declareQueryable(intoKeyExpr: IntoKeyExpr, options: QueryableOptions = {}): Promise<Queryable> {
    const origin = originOf(options);
    return this.#declare(Queryable, new KeyExpr(intoKeyExpr), options, (keyExpr, plan) =>
      this.#backend.declareQueryable(keyExpr, options.complete ?? false, origin, plan),
    );
  }

  /** @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK` */
  async declareQuerier(intoKeyExpr: IntoKeyExpr, options: QuerierOptions = {}): Promise<Querier> {
    this.#check();
    const keyExpr = new KeyExpr(intoKeyExpr);
    const backend = await this.#backend.declareQuerier(keyExpr.toString(), asking(options));
    return new Querier(keyExpr, backend, options, this.ledger);
  }

  /**
   * Asks the queryables that match a selector. The channel ends after the last reply or the timeout; for a callback there
   * is none. Payload and attachment may have many segments.
   *
   * @throws {CoreError} `KEY_EXPR_INVALID`, `SESSION_CLOSED`, `CANCELLED`, `INVALID_ARGUMENT`, `BUFFER_DETACHED`, `NETWORK`
   */
  async get(intoSelector: IntoSelector, options: GetOptions = {}): Promise<ChannelReceiver<Reply> | undefined> {
    this.#check();
    const selector = Selector.from(intoSelector);
    const keyExpr = selector.keyExpr().toString();
    const parameters = selector.parameters().toString();
    const [how, fields] = [asking(options), question(options)];
    return replies(options, this.ledger, (plan) => this.#backend.get(keyExpr, parameters, how, fields, plan));
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

  /** Tokens of who is alive, and subscriptions to them. */
  liveliness(): Liveliness {
    return new Liveliness({
      backend: this.#backend,
      ledger: this.ledger,
      check: () => this.#check(),
      subscribe: (keyExpr, options) =>
        this.#declare(Subscriber, keyExpr, options, (key, plan) =>
          this.#backend.declareLivelinessSubscriber(key, options.history ?? false, plan),
        ),
    });
  }

  /** Declares what receives, and remembers it until it is undeclared. */
  async #declare<T, D extends Declared<T>>(
    Kind: new (...parts: ConstructorParameters<typeof Declared<T>>) => D,
    keyExpr: KeyExpr,
    options: HandlerOptions<T>,
    start: (keyExpr: string, plan: InboxPlan) => Promise<BackendInbox<T>>,
  ): Promise<D> {
    this.#check();
    const { reader, bounds } = planReader<T>(options);
    const ledger = new Ledger(this.ledger);
    const inbox = await start(keyExpr.toString(), { bounds, ledger, onReady: () => reader.onReady() });
    const declared = new Kind(keyExpr, inbox, reader, ledger, () => this.#declared.delete(declared));
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

function originOf(options: { readonly allowedOrigin?: Locality | undefined }): Locality {
  const origin = options.allowedOrigin ?? Locality.DEFAULT;
  checkEnum(Locality, origin, 'allowedOrigin');
  return origin;
}

/** Shortcut for `Session.open`. */
export function open(config: Config): Promise<Session> {
  return Session.open(config);
}
