// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendPublisher, PutResult } from './backend.js';
import { Encoding, type IntoEncoding } from './encoding.js';
import { CongestionControl, Priority, Reliability } from './enums.js';
import type { KeyExpr } from './key-expr.js';
import { Matchable } from './matchable.js';
import type { MessageOptions } from './message.js';
import type { PutStats } from './put-counter.js';
import type { QosOptions } from './qos.js';
import { Sender } from './sender.js';
import { sinkOf } from './streams.js';
import type { Ledger, LedgerSnapshot } from './zbytes/ledger.js';
import { isResizable } from './zbytes/ownership.js';
import { isShared, type Segment } from './zbytes/segment-list.js';
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

/** Bytes that a payload of one segment would be a view of. */
function isPlain(payload: IntoZBytes): payload is Uint8Array {
  if (!(payload instanceof Uint8Array) || payload.byteLength === 0) return false;
  return !isShared(payload.buffer) && !isResizable(payload.buffer);
}

/** A declared publisher on one key expression. */
export class Publisher extends Matchable<BackendPublisher> {
  readonly #options: PublisherOptions;
  readonly #sender: Sender;
  /** @internal */
  protected readonly kind = 'publisher';

  /** @param owner what ends with the session */
  constructor(
    keyExpr: KeyExpr,
    backend: BackendPublisher,
    options: PublisherOptions,
    session: Sender,
    owner: Set<AsyncDisposable>,
  ) {
    super(keyExpr, backend, owner);
    this.#options = options;
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
   * The event loop waits 1 ms for the network at most. A put that could take longer (more than 1 MiB, or with congestion control `BLOCK` and a
   * subscriber elsewhere more than zenoh's queue holds: 16 batches of 48 to 64 KiB unless configured, 2 at priorities other than `DATA`; or a
   * network that is congested) goes by a native thread: by reference for memory that native
   * code owns (`alloc`, shared memory, received payloads), with one copy, counted as `offload`, for JavaScript's. Await the
   * promise before you put more than the network takes: what you do not await waits in memory.
   *
   * @returns when zenoh has taken the message: `done`, or `dropped` when it is known to have dropped it for some peer
   * @throws {CoreError} `INVALID_ARGUMENT`, `SESSION_CLOSED`, `BUFFER_DETACHED`, `PAYLOAD_DISPOSED`, `NETWORK`, `PUT_TIMEOUT` when a peer did not
   * take a message with `BLOCK` in time (5 s unless configured): zenoh gives the peer up and closes the link, which can
   * take some seconds; what is put meanwhile fails at once, and what was `done` shortly before may be lost with the link
   */
  async put(payload: IntoZBytes, options?: PublisherPutOptions): Promise<PutResult> {
    const backend = this.live();
    if (options === undefined && backend.putBytes !== undefined && isPlain(payload)) {
      return this.#sender.putBytes(payload, backend.putBytes.bind(backend));
    }
    return this.#sender.put(payload, options, (bytes, fields) => backend.put(bytes, fields));
  }

  /**
   * As `put`, on this thread: nothing is copied, and the event loop waits as long as zenoh does. It does not wait for
   * earlier `put`s that are still on their way. A local subscriber whose `block` queue is full loses the message, counted
   * as `deadlock`.
   *
   * @throws {CoreError} as `put`
   */
  putSync(payload: IntoZBytes, options?: PublisherPutOptions): PutResult {
    const backend = this.live();
    return this.#sender.putSync(payload, options, (bytes, fields) => backend.putSync(bytes, fields));
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
    const backend = this.live();
    return this.#sender.delete(options, (fields) => backend.delete(fields));
  }
}
