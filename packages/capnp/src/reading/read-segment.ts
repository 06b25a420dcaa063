// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Message } from 'capnp-es';
import { invalid, readOnly } from '../errors.js';
import { joinInto } from '../join.js';
import { Segment, UnbuiltSegment } from '../stock.js';
import type { ReadState } from './read-state.js';

/** What capnp-es's segment reads by: little-endian values at an offset from the segment's start. */
export interface Getters {
  getInt8(at: number): number;
  getInt16(at: number): number;
  getInt32(at: number): number;
  getInt64(at: number): bigint;
  getUint8(at: number): number;
  getUint16(at: number): number;
  getUint32(at: number): number;
  getUint64(at: number): bigint;
  getFloat32(at: number): number;
  getFloat64(at: number): number;
}

const Base = UnbuiltSegment as unknown as new () => Getters;

/**
 * A segment of a received message, read in place: at any offset of memory that belongs to zenoh, and no byte beside it.
 * It is never written: every setter of capnp-es throws `CAPNP_READ_ONLY`.
 */
export abstract class ReadSegment extends Base {
  readonly id: number;
  readonly message: Message;
  readonly state: ReadState;
  readonly byteLength: number;
  /** capnp-es counts from the segment's start; where that lies in memory is the subclass's matter. */
  readonly byteOffset = 0;
  #stockBuffer: ArrayBuffer | undefined;

  constructor(id: number, message: Message, state: ReadState, byteLength: number) {
    super();
    this.id = id;
    this.message = message;
    this.state = state;
    this.byteLength = byteLength;
  }

  /** `length` bytes at `offset`: a view, or a counted gather of just them where a slice border cuts them. */
  abstract view(offset: number, length: number): Uint8Array;

  /** The same at an address that is a multiple of `alignment`, by a counted copy where it is not. */
  abstract aligned(offset: number, length: number, alignment: number): Uint8Array;

  /** The same as views alone, as many as there are slices. */
  abstract slices(offset: number, length: number): Uint8Array[];

  /**
   * For what is left of capnp-es's own code, like `utils.dump`, which takes a segment to start where its `buffer` does: a
   * copy, made once and counted.
   */
  get buffer(): ArrayBuffer {
    if (this.#stockBuffer === undefined) {
      this.#stockBuffer = new ArrayBuffer(this.byteLength);
      joinInto(new Uint8Array(this.#stockBuffer), this.slices(0, this.byteLength));
      this.state.payload.ledger.count('copy', this.byteLength);
    }
    return this.#stockBuffer;
  }

  getCapacity(): number {
    return this.byteLength;
  }

  /** Stock compares as a number, to which the word 0x8000000000000000 (-0) is zero too. */
  isWordZero(byteOffset: number): boolean {
    return this.getUint32(byteOffset) === 0 && this.getUint32(byteOffset + 4) === 0;
  }

  /** @throws {CapnpPayloadError} `CAPNP_INVALID` unless `length` bytes at `offset` lie inside the segment. */
  protected within(offset: number, length: number): void {
    if (offset >= 0 && length >= 0 && offset + length <= this.byteLength) return;
    throw invalid(`a pointer to ${length} bytes at ${offset} leaves segment ${this.id} of ${this.byteLength} bytes`);
  }
}

// All of capnp-es's writers, whichever it has.
for (const name of Object.getOwnPropertyNames(Segment.prototype)) {
  if (!/^(set|copy|fill|allocate|replace|hasCapacity)/.test(name)) continue;
  Object.defineProperty(ReadSegment.prototype, name, {
    value() {
      throw readOnly();
    },
  });
}

/** The segment of a pointer into a received message; undefined for any other. */
export function readSegment(segment: unknown): ReadSegment | undefined {
  return segment instanceof ReadSegment ? segment : undefined;
}

/** What the message of a received segment keeps. */
export function stateOf(segment: Segment): ReadState {
  return (segment as unknown as ReadSegment).state;
}

/** Bytes of a received segment: see {@link ReadSegment.aligned}. */
export function alignedViewOf(segment: Segment, offset: number, length: number, alignment: number): Uint8Array {
  return (segment as unknown as ReadSegment).aligned(offset, length, alignment);
}

/** Bytes of a received segment: see {@link ReadSegment.view}. */
export function viewOf(segment: Segment, offset: number, length: number): Uint8Array {
  return (segment as unknown as ReadSegment).view(offset, length);
}
