// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import { Message, Pointer, Struct, type StructCtor } from 'capnp-es';
import { MessageBuilder } from '../building/message-builder.js';
import { invalid, readOnly } from '../errors.js';
import type { FrameSegment } from '../frame.js';
import { joinInto } from '../join.js';
import { type ResolvedLimits, traversalBudget } from '../limits.js';
import { type Segment, wrongRuntime } from '../stock.js';
import { ReadState } from './read-state.js';
import { SlicedSegment } from './sliced-segment.js';
import { Slices } from './slices.js';
import { structPlace } from './struct-place.js';
import { WholeSegment } from './whole-segment.js';

const NO_LIMITS = { depth: 64, budget: Number.POSITIVE_INFINITY };

/**
 * A Cap'n Proto message in received memory, read in place and never written.
 *
 * It is a capnp-es message: `getRoot` takes any class that capnp-es or `capnpc-zenoh` generated. It keeps its payload's
 * memory alive; {@link dispose} gives that back.
 */
export class ReceivedMessage extends Message implements Disposable {
  declare readonly _capnp: ReadState;
  readonly #depth: number;

  /** @internal */
  constructor(payload: ZBytes, frame: readonly FrameSegment[], bounds: { depth: number; budget: number }) {
    const state = new ReadState(payload, bounds.budget);
    super(state.arena);
    this.#depth = bounds.depth;
    Object.assign(this, { _capnp: state });
    const slices = new Slices(payload.segments());
    frame.forEach(({ start, end }, id) => {
      const whole = slices.whole(start, end);
      const segment =
        whole === undefined
          ? new SlicedSegment(id, this, state, slices, start, end - start)
          : new WholeSegment(id, this, state, whole);
      state.segments.push(segment as unknown as Segment);
    });
  }

  /** A message within `limits`. @internal */
  static limited(payload: ZBytes, frame: readonly FrameSegment[], limits: ResolvedLimits): ReceivedMessage {
    return new ReceivedMessage(payload, frame, {
      depth: limits.depth,
      budget: traversalBudget(limits, payload.length),
    });
  }

  /** A message of our own, like a default value. @internal */
  static trusted(payload: ZBytes, frame: readonly FrameSegment[]): ReceivedMessage {
    return new ReceivedMessage(payload, frame, NO_LIMITS);
  }

  /** The payload that the message lies in; its ledger counts what reading copied. */
  get payload(): ZBytes {
    return this._capnp.payload;
  }

  /**
   * The root struct, at the start of a new traversal budget; the depth is counted from here. A null root reads as one
   * in which nothing is set.
   *
   * @throws {CapnpPayloadError} `CAPNP_INVALID` for a root pointer that does not lead to a struct, `CAPNP_RUNTIME` for a class of another copy
   * of capnp-es than the one this package uses.
   * @throws {CoreError} `PAYLOAD_DISPOSED`.
   */
  override getRoot<T extends Struct>(Root: StructCtor<T>): T {
    this.#live();
    // One of a second copy of capnp-es, which knows no limits and writes while it reads.
    if (!(Root.prototype instanceof Struct)) throw wrongRuntime(`${Root.name} is a class of another copy of capnp-es`);
    this._capnp.restart();
    const root = new Root(this.getSegment(0), 0, this.#depth);
    structPlace(root);
    return root;
  }

  /** @throws {CapnpPayloadError} `CAPNP_INVALID` for a segment that the message does not have. */
  override getSegment(id: number): Segment {
    const segment = this._capnp.segments[id];
    if (segment !== undefined) return segment;
    throw invalid(`a far pointer leads to segment ${id}, which is not there`);
  }

  /**
   * The same message in memory of its own, which may be written: everything that can be reached from the root is
   * checked, charged to a traversal budget and copied, nothing else.
   *
   * @throws {CapnpPayloadError} `CAPNP_INVALID` and `CAPNP_LIMIT`, as reading it all would.
   */
  override copy(): MessageBuilder {
    this.#live();
    this._capnp.restart();
    const copy = new MessageBuilder();
    copy.setRoot(new Pointer(this.getSegment(0), 0, this.#depth));
    return copy;
  }

  /** The framed message as one new buffer, counted as one `gather`. */
  override toArrayBuffer(): ArrayBuffer {
    const { ledger, length } = this.payload;
    ledger.count('gather', length);
    return joinInto(new Uint8Array(length), this.payload.segments()).buffer;
  }

  /** Packed, in new memory. Slow: prefer `toZBytes`. */
  override toPackedArrayBuffer(): ArrayBuffer {
    return new Message(this.toArrayBuffer(), false).toPackedArrayBuffer();
  }

  /** A print of the bytes, for looking at; never for large messages. */
  override dump(): string {
    return new Message(this.toArrayBuffer(), false).dump();
  }

  /** Gives the payload's memory back at once: see `ZBytes[Symbol.dispose]`. What was read from it must not be used. */
  dispose(): void {
    this.payload[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  override allocateSegment(): never {
    throw readOnly();
  }

  override initRoot(): never {
    throw readOnly();
  }

  override setRoot(): never {
    throw readOnly();
  }

  override addCap(): never {
    throw readOnly();
  }

  #live(): void {
    // Throws what a disposed payload throws.
    this.payload.segments();
  }
}
