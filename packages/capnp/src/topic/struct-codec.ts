// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { IntoEncoding, ZBytes } from '@zenoh-segments/core';
import type { Struct, StructCtor } from 'capnp-es';
import type { SegmentAllocator } from '../building/allocator.js';
import { MessageBuilder } from '../building/message-builder.js';
import { capnpEncoding } from '../encoding.js';
import { CapnpPayloadError } from '../errors.js';
import { fromZBytes } from '../from-zbytes.js';
import type { CapnpLimits } from '../limits.js';
import type { ReceivedMessage } from '../reading/received-message.js';
import { toZBytes } from '../to-segments.js';
import { isPacked, namesOf, type TypeNames } from './type-names.js';

/**
 * Fills in the root of a new message; it must be done when it returns. The message itself is there to adopt memory:
 * `(root, message) => root._adoptPixels(message.adoptData(pixels))`.
 */
export type Build<T extends Struct> = (root: T, message: MessageBuilder) => void;

/** In which form messages are sent. */
export interface FormOptions {
  /** Whether to send the packed form: smaller where there are zeros, and copied once on each side; false unless given. */
  readonly packed?: boolean | undefined;
}

/** Where a message is built. */
export interface BuildOptions {
  /** Where its memory comes from, such as a `shmAllocator`; the heap unless given. */
  readonly allocator?: SegmentAllocator | undefined;
}

/** Options of {@link StructCodec.encode}. */
export interface EncodeOptions extends FormOptions, BuildOptions {}

/** A payload opened by {@link StructCodec.decode}. */
export interface Decoded<T extends Struct> {
  readonly root: T;
  /** What the root belongs to; it keeps the payload's memory alive, as the root does. */
  readonly message: ReceivedMessage;
}

/** Between structs of one type and payloads, with the encoding that names the type. */
export class StructCodec<T extends Struct> {
  readonly #root: StructCtor<T> | (() => StructCtor<T>);
  #known: TypeNames | undefined;

  /** @internal */
  constructor(root: StructCtor<T> | (() => StructCtor<T>)) {
    this.#root = root;
  }

  /** The generated class. */
  get Root(): StructCtor<T> {
    // A thunk, unlike a generated class, has no description of a struct.
    return '_capnp' in this.#root ? this.#root : this.#root();
  }

  /** The 64-bit id of the type, as in the schema. */
  get typeId(): bigint {
    return this.#names.typeId;
  }

  /** The type's name in the schema, without the names of what it is nested in. */
  get name(): string {
    return this.#names.name;
  }

  /** `application/x-capnp;0x...`: see {@link capnpEncoding}. */
  get encoding(): string {
    return this.#names.encoding;
  }

  /** As {@link encoding}, of the packed form. */
  get packedEncoding(): string {
    return this.#names.packedEncoding;
  }

  /**
   * A payload over a new message that `build` fills in. Nothing is copied, unless `packed`: the payload's segments are
   * those of the message, which nobody else refers to.
   *
   * @throws {CapnpPayloadError} `CAPNP_INVALID` for a `build` that gives a promise; as {@link MessageBuilder} and {@link toZBytes}
   */
  encode(build: Build<T>, { packed = false, allocator }: EncodeOptions = {}): ZBytes {
    const message = new MessageBuilder(allocator && { allocator });
    const result: unknown = build(message.initRoot(this.Root), message);
    if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function') {
      throw new CapnpPayloadError(
        'CAPNP_INVALID',
        `a message is sent when its build function returns: it can't be async`,
      );
    }
    return toZBytes(message, { packed });
  }

  /**
   * Opens a payload in place, as {@link fromZBytes} does, after a look at its encoding. One that names no type is taken at
   * its word, and so is `zenoh/bytes`, which is what zenoh tells of a sender who said nothing.
   *
   * @param encoding that of the sample; a plain message of this type unless given
   * @throws {CapnpPayloadError} `CAPNP_TYPE` for the encoding of another type or of another format, before a byte is read;
   * `CAPNP_TRUNCATED`, `CAPNP_INVALID`, `CAPNP_LIMIT` as `fromZBytes`
   * @throws {CoreError} `PAYLOAD_DISPOSED`
   */
  decode(payload: ZBytes, encoding?: IntoEncoding, limits: CapnpLimits = {}): Decoded<T> {
    const packed = encoding !== undefined && isPacked(encoding, this);
    const message = fromZBytes(payload, { ...limits, packed });
    return { root: message.getRoot(this.Root), message };
  }

  get #names(): TypeNames {
    this.#known ??= namesOf(this.Root);
    return this.#known;
  }
}

/**
 * The codec of a generated class. A class that makes its own codec, as generated code does, may give a function instead of
 * itself: it is called when the class is needed first.
 */
export function structCodec<T extends Struct>(root: StructCtor<T> | (() => StructCtor<T>)): StructCodec<T> {
  return new StructCodec(root);
}
