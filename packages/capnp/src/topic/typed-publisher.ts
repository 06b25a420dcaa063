// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type {
  FromSegmentsOptions,
  Publisher,
  PublisherDeleteOptions,
  PublisherOptions,
  PutResult,
} from '@zenoh-segments/core';
import type { Message, Struct } from 'capnp-es';
import { toZBytes } from '../to-segments.js';
import type { Build, BuildOptions, FormOptions, StructCodec } from './struct-codec.js';

/** Options of `Topic.declarePublisher`, before those of the topic. */
export interface TypedPublisherOptions extends Omit<PublisherOptions, 'encoding'>, FormOptions {}

/** Options of `TypedPublisher.put`: those of `Publisher.put`, without the encoding, which names the type. */
export interface TypedPutOptions extends PublisherDeleteOptions, BuildOptions {}

/** Options of `TypedPublisher.putMessage`. */
export interface TypedPutMessageOptions extends PublisherDeleteOptions, FromSegmentsOptions {}

/** A declared publisher of one key of a topic. Its encoding, which names the type, was set when it was declared. */
export class TypedPublisher<T extends Struct> implements AsyncDisposable {
  /** The publisher of core: its key expression, its ledger and counters, and whether somebody subscribes. */
  readonly publisher: Publisher;
  readonly #codec: StructCodec<T>;
  readonly #packed: boolean;

  /** @internal */
  constructor(publisher: Publisher, codec: StructCodec<T>, packed: boolean) {
    this.publisher = publisher;
    this.#codec = codec;
    this.#packed = packed;
  }

  /**
   * Publishes a new message that `build` fills in: see {@link StructCodec.encode} for what is copied (nothing, unless
   * packed), and core's `Publisher.put` for when this resolves.
   *
   * @throws {CapnpPayloadError} as `StructCodec.encode`, and what `build` throws: nothing is published then
   * @throws {CoreError} as `Publisher.put`
   */
  async put(build: Build<T>, options: TypedPutOptions = {}): Promise<PutResult> {
    const { allocator } = options;
    return this.publisher.put(this.#codec.encode(build, { packed: this.#packed, allocator }), options);
  }

  /**
   * Publishes a message whose root is of the topic's type, such as one that lies in memory of your choice or one received.
   * It stays yours; leave it as it is for as long as `ownership` says. To know when local subscribers have let go of it,
   * put `toZBytes(message)` by {@link publisher} instead, and await that payload's `released`.
   *
   * @throws {CapnpPayloadError} `CAPNP_LIMIT` for too many segments, `CAPNP_INVALID` for what is no message
   * @throws {CoreError} as `Publisher.put`
   */
  async putMessage(message: Message, options: TypedPutMessageOptions = {}): Promise<PutResult> {
    const { ownership } = options;
    const payload = toZBytes(message, { packed: this.#packed, ...(ownership && { ownership }) });
    return this.publisher.put(payload, options);
  }

  /** Publishes a deletion of the key. @throws {CoreError} `SESSION_CLOSED`, `NETWORK` */
  delete(options?: PublisherDeleteOptions): Promise<PutResult> {
    return this.publisher.delete(options);
  }

  /** Idempotent. */
  undeclare(): Promise<void> {
    return this.publisher.undeclare();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.undeclare();
  }
}
