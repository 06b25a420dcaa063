// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendPublisher } from './backend.js';
import { Encoding, type IntoEncoding } from './encoding.js';
import { CongestionControl, Priority, Reliability } from './enums.js';
import { CoreError } from './errors.js';
import type { KeyExpr } from './key-expr.js';
import { MatchingStatus } from './matching.js';
import { type MessageOptions, messageFields, send } from './message.js';
import type { QosOptions } from './qos.js';
import { EntityGlobalId } from './source-info.js';
import { Ledger } from './zbytes/ledger.js';
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
  #undeclaring: Promise<void> | undefined;
  /** Bytes carried and copied by everything put here. */
  readonly ledger: Ledger;

  constructor(keyExpr: KeyExpr, backend: BackendPublisher, options: PublisherOptions, session: Ledger) {
    this.#keyExpr = keyExpr;
    this.#backend = backend;
    this.#options = options;
    this.ledger = new Ledger(session);
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
   * touch the memory when. zenoh does not say whether a congested network dropped the message.
   *
   * @throws {CoreError} `SESSION_CLOSED`, `BUFFER_DETACHED`, `PAYLOAD_DISPOSED`, `NETWORK`
   */
  async put(payload: IntoZBytes, options?: PublisherPutOptions): Promise<void> {
    this.#check();
    await send(payload, options, this.ledger, (bytes, fields) => this.#backend.put(bytes, fields));
  }

  /** Shortcut for `put(ZBytes.fromSegments(segments, options), options)`. */
  putSegments(segments: Iterable<Segment>, options: PublisherPutOptions & FromSegmentsOptions = {}): Promise<void> {
    return this.put(ZBytes.fromSegments(segments, options), options);
  }

  /** Publishes a deletion of the key. @throws {CoreError} `SESSION_CLOSED`, `NETWORK` */
  async delete(options: PublisherDeleteOptions = {}): Promise<void> {
    this.#check();
    await this.#backend.delete(messageFields(options));
  }

  /** Whether some subscriber matches now: until one does, what is put goes nowhere. @throws {CoreError} `SESSION_CLOSED` */
  async matchingStatus(): Promise<MatchingStatus> {
    this.#check();
    return new MatchingStatus(await this.#backend.matching());
  }

  /** Idempotent. */
  undeclare(): Promise<void> {
    this.#undeclaring ??= this.#backend.undeclare();
    return this.#undeclaring;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.undeclare();
  }

  #check(): void {
    if (this.#undeclaring !== undefined) throw new CoreError('SESSION_CLOSED', 'this publisher is undeclared');
  }
}
