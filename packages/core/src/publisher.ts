// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendPublisher, PutResult } from './backend.js';
import { Encoding, type IntoEncoding } from './encoding.js';
import { CongestionControl, Priority, Reliability } from './enums.js';
import { CoreError } from './errors.js';
import type { KeyExpr } from './key-expr.js';
import { listenMatching, type MatchingListener, type MatchingListenerOptions, MatchingStatus } from './matching.js';
import type { MessageOptions } from './message.js';
import type { PutStats } from './put-counter.js';
import type { QosOptions } from './qos.js';
import { endAll } from './receiving.js';
import { Sender } from './sender.js';
import { EntityGlobalId } from './source-info.js';
import { sinkOf } from './streams.js';
import type { Ledger, LedgerSnapshot } from './zbytes/ledger.js';
import type { Segment } from './zbytes/segment-list.js';
import { type FromSegmentsOptions, type IntoZBytes, ZBytes } from './zbytes/zbytes.js';

/** Options of `declarePublisher`. */
export interface PublisherOptions extends QosOptions {
  /** Of every message that gives none; `zenoh/bytes` unless given. */
  encoding?: IntoEncoding | undefined;
}

/** Options of `Publisher.put`. */
export type PublisherPutOptions = MessageOptions;
/** Options of `Publisher.delete`. */
export type PublisherDeleteOptions = Omit<MessageOptions, 'encoding'>;

/** A declared publisher on one key expression. */
export class Publisher implements AsyncDisposable {
  readonly #keyExpr: KeyExpr;
  readonly #backend: BackendPublisher;
  readonly #options: PublisherOptions;
  readonly #listeners = new Set<AsyncDisposable>();
  readonly #owner: Set<AsyncDisposable>;
  #undeclaring: Promise<void> | undefined;
  readonly #sender: Sender;

  /** @param owner what ends with the session */
  constructor(
    keyExpr: KeyExpr,
    backend: BackendPublisher,
    options: PublisherOptions,
    session: Sender,
    owner: Set<AsyncDisposable>,
  ) {
    this.#keyExpr = keyExpr;
    this.#backend = backend;
    this.#options = options;
    this.#owner = owner;
    this.#sender = new Sender(session);
  }

  /** Bytes carried and copied by everything put here. */
  get ledger(): Ledger {
    return this.#sender.ledger;
  }

  /** What became of everything put here, and the bytes carried and copied, by reason. */
  stats(): PutStats & LedgerSnapshot {
    return this.#sender.stats();
  }

  /** A web stream whose chunks are put, each after the one before has gone out. Closing it leaves the publisher open. */
  writable(): WritableStream<IntoZBytes> {
    return sinkOf((chunk) => this.put(chunk));
  }

  keyExpr(): KeyExpr {
    return this.#keyExpr;
  }

  /** This publisher's id in the whole network, as `SourceInfo` takes it. */
  id(): EntityGlobalId {
    return EntityGlobalId.fromString(this.#backend.id);
  }

  encoding(): Encoding {
    return this.#options.encoding === undefined ? Encoding.default() : Encoding.from(this.#options.encoding);
  }

  priority(): Priority {
    return this.#options.priority ?? Priority.DEFAULT;
  }

  reliability(): Reliability {
    return this.#options.reliability ?? Reliability.DEFAULT;
  }

  congestionControl(): CongestionControl {
    return this.#options.congestionControl ?? CongestionControl.DEFAULT_PUSH;
  }

  /**
   * Publishes a payload. Segments are handed to zenoh one by one, never joined: see `ZBytes.fromSegments` for who may
   * touch the memory when.
   *
   * The event loop never waits for the network. A put that could take long (more than 1 MiB, or more than 80 KiB with
   * congestion control `BLOCK` and a subscriber elsewhere, or a network that is congested) goes by a native thread: by reference for memory that native
   * code owns (`alloc`, shared memory, received payloads), with one copy, counted as `offload`, for JavaScript's. Await the
   * promise before you put more than the network takes: what you do not await waits in memory.
   *
   * @returns when zenoh has taken the message: `done`, or `dropped` when it is known to have dropped it for some peer
   * @throws {CoreError} `SESSION_CLOSED`, `BUFFER_DETACHED`, `PAYLOAD_DISPOSED`, `NETWORK`, `PUT_TIMEOUT` when a peer did not
   * take a message with `BLOCK` in time (5 s unless configured): zenoh gives the peer up and closes the link, which can
   * take some seconds; what is put meanwhile fails at once, and what was `done` shortly before may be lost with the link
   */
  async put(payload: IntoZBytes, options?: PublisherPutOptions): Promise<PutResult> {
    this.#check();
    return this.#sender.put(payload, options, (bytes, fields) => this.#backend.put(bytes, fields));
  }

  /**
   * As `put`, on this thread: nothing is copied, and the event loop waits as long as zenoh does. It does not wait for
   * earlier `put`s that are still on their way. A local subscriber whose `block` queue is full loses the message, counted
   * as `deadlock`.
   *
   * @throws {CoreError} as `put`
   */
  putSync(payload: IntoZBytes, options?: PublisherPutOptions): PutResult {
    this.#check();
    return this.#sender.putSync(payload, options, (bytes, fields) => this.#backend.putSync(bytes, fields));
  }

  /** Shortcut for `put(ZBytes.fromSegments(segments, options), options)`. */
  putSegments(
    segments: Iterable<Segment>,
    options: PublisherPutOptions & FromSegmentsOptions = {},
  ): Promise<PutResult> {
    return this.put(ZBytes.fromSegments(segments, options), options);
  }

  /** Publishes a deletion of the key. @throws {CoreError} `SESSION_CLOSED`, `NETWORK` */
  async delete(options: PublisherDeleteOptions = {}): Promise<PutResult> {
    this.#check();
    return this.#sender.delete(options, (fields) => this.#backend.delete(fields));
  }

  /** Whether some subscriber matches now: until one does, what is put goes nowhere. @throws {CoreError} `SESSION_CLOSED` */
  async matchingStatus(): Promise<MatchingStatus> {
    this.#check();
    return new MatchingStatus(await this.#backend.matching());
  }

  /**
   * Listens to whether some subscriber matches. The listener ends with this publisher and with the session.
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
    if (this.#undeclaring !== undefined) throw new CoreError('SESSION_CLOSED', 'this publisher is undeclared');
  }
}
