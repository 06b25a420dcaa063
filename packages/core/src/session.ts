// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Backend, BackendSession } from './backend.js';
import type { Config } from './config.js';
import { Locality } from './enums.js';
import { CoreError } from './errors.js';
import { type IntoKeyExpr, KeyExpr } from './key-expr.js';
import { encodingText, type MessageOptions, messageFields, payloadOf } from './message.js';
import { nativeBackend } from './native/backend.js';
import { Publisher, type PublisherOptions } from './publisher.js';
import { packQos, type QosOptions } from './qos.js';
import { planReader, Subscriber, type SubscriberOptions } from './subscriber.js';
import { Ledger } from './zbytes/ledger.js';
import type { Segment } from './zbytes/segment-list.js';
import { type FromSegmentsOptions, type IntoZBytes, ZBytes } from './zbytes/zbytes.js';
import { ZenohId } from './zenoh-id.js';

/** Options of `Session.put`. */
export interface PutOptions extends QosOptions, MessageOptions {}
/** Options of `Session.delete`. */
export interface DeleteOptions extends QosOptions, Omit<MessageOptions, 'encoding'> {}

/**
 * A zenoh session: a node of the network. Close it when done: an open session does not keep the process alive, but its
 * subscribers do.
 */
export class Session implements AsyncDisposable {
  readonly #backend: BackendSession;
  readonly #subscribers = new Set<Subscriber>();
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
   * to), `ADDON_LOAD`
   */
  static async open(config: Config, backend: Backend<Config> = nativeBackend): Promise<Session> {
    return new Session(await backend.open(config));
  }

  /** Undeclares everything and leaves the network. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#subscribers].map((subscriber) => subscriber.undeclare()));
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
    const bytes = payloadOf(payload);
    const carried = bytes.length;
    bytes.ledger.attach(this.ledger);
    const sending = this.#backend.put(keyExpr, bytes, packQos(options), messageFields(options));
    if (sending !== undefined) await sending;
    bytes.ledger.carryAlone(carried);
    this.ledger.carry(carried);
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
    this.#check();
    const keyExpr = new KeyExpr(intoKeyExpr);
    const { reader, bounds } = planReader(options);
    const ledger = new Ledger(this.ledger);
    const origin = options.allowedOrigin ?? Locality.DEFAULT;
    const backend = await this.#backend.declareSubscriber(keyExpr.toString(), bounds, origin, ledger, () =>
      reader.onReady(),
    );
    const subscriber = new Subscriber(keyExpr, backend, reader, ledger, () => this.#subscribers.delete(subscriber));
    if (this.isClosed()) {
      // Closed while the declaration was under way: nobody else would end this subscriber.
      await subscriber.undeclare();
      this.#check();
    }
    this.#subscribers.add(subscriber);
    reader.attach(backend);
    // Samples may have come before there was anyone to read them.
    reader.onReady();
    return subscriber;
  }

  #check(): void {
    if (this.isClosed()) throw new CoreError('SESSION_CLOSED', 'this session is closed');
  }
}

/** Shortcut for `Session.open`. */
export function open(config: Config): Promise<Session> {
  return Session.open(config);
}
