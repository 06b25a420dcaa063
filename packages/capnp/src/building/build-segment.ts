// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Pointer } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import { type Segment, UnbuiltSegment } from '../stock.js';
import type { MessageBuilder } from './message-builder.js';

/**
 * A segment of a {@link MessageBuilder}: memory anywhere in an ArrayBuffer or SharedArrayBuffer, of which the first
 * `byteLength` bytes are in use. capnp-es counts from the segment's start; where that lies only `_dv` knows.
 */
export class BuildSegment extends UnbuiltSegment {
  /** The place in the message's table. */
  readonly id: number;
  readonly message: MessageBuilder;
  /** Bytes in use, a whole number of words. */
  byteLength = 0;
  readonly byteOffset = 0;
  readonly capacity: number;
  /** capnp-es's name: every scalar and pointer is read and written through it, and by that stays inside the segment. */
  _dv: DataView;
  #memory: Uint8Array;
  /** Below this the memory is not known to be zero. */
  #dirty: number;

  constructor(id: number, message: MessageBuilder, memory: Uint8Array, dirty: number) {
    super();
    this.id = id;
    this.message = message;
    this.capacity = memory.byteLength;
    this._dv = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
    this.#memory = memory;
    this.#dirty = dirty;
  }

  /** Whether the memory is someone else's, who lent it to be sent. */
  get isForeign(): boolean {
    return false;
  }

  /** This segment when `byteLength` more bytes fit, otherwise one of the message in which they do. */
  roomFor(byteLength: number): BuildSegment {
    return this.hasCapacity(byteLength) ? this : this.message.roomFor(byteLength);
  }

  /** Takes zeroed bytes, which must fit; gives their offset. */
  take(byteLength: number): number {
    const start = this.byteLength;
    const end = start + padded(byteLength);
    if (start < this.#dirty) this.#memory.fill(0, start, Math.min(end, this.#dirty));
    this.byteLength = end;
    return start;
  }

  allocate(byteLength: number): Pointer {
    const segment = this.roomFor(padded(byteLength));
    return new Pointer(segment as unknown as Segment, segment.take(byteLength));
  }

  hasCapacity(byteLength: number): boolean {
    return this.capacity - this.byteLength >= byteLength;
  }

  getCapacity(): number {
    return this.capacity;
  }

  /** What is sent: the bytes in use, where they are. */
  parts(): Uint8Array[] {
    return this.byteLength === 0 ? [] : [this.view(0, this.byteLength)];
  }

  /** The bytes in use, in place. */
  view(offset: number, length: number): Uint8Array {
    const end = offset + length;
    if (!(offset >= 0 && length >= 0 && end <= this.byteLength)) {
      throw new CapnpPayloadError(
        'CAPNP_INVALID',
        `${length} bytes at ${offset} leave segment ${this.id} of ${this.byteLength} bytes`,
      );
    }
    if (end <= this.#memory.byteLength) return this.#memory.subarray(offset, end);
    throw new CapnpPayloadError('CAPNP_INVALID', `the memory of segment ${this.id} was detached or given back`);
  }

  /** As `view`, of whole words: what is beyond adopted memory reads as zero. */
  words(offset: number, length: number): Uint8Array {
    return this.view(offset, length);
  }

  /** For code of capnp-es that counts from the buffer's start. */
  get buffer(): ArrayBufferLike {
    if (this.#memory.byteOffset === 0) return this.#memory.buffer;
    throw new CapnpPayloadError(
      'CAPNP_INVALID',
      `segment ${this.id} starts at ${this.#memory.byteOffset} of its buffer, where capnp-es would take it to start at 0`,
    );
  }

  copyWords(to: number, source: Segment, from: number, words: number): void {
    this.view(to, words * 8).set(bytesAt(source, from, words * 8));
  }

  fillZeroWords(offset: number, words: number): void {
    this.view(offset, words * 8).fill(0);
  }

  zero(offset: number, byteLength: number): void {
    if (byteLength === 0) return;
    if (byteLength === 8) this.setWord(offset, 0, 0);
    else this.#memory.fill(0, offset, offset + byteLength);
  }

  setWord(offset: number, low: number, high: number): void {
    this._dv.setUint32(offset, low, true);
    this._dv.setUint32(offset + 4, high, true);
  }

  /** Stock compares as a number, to which the word 0x8000000000000000 (-0) is zero too. */
  isWordZero(offset: number): boolean {
    return this._dv.getUint32(offset) === 0 && this._dv.getUint32(offset + 4) === 0;
  }
}

/** The segment of a pointer into a message being built; undefined for any other. */
export function toBuild(pointer: Pointer): BuildSegment | undefined {
  const segment: unknown = pointer.segment;
  return segment instanceof BuildSegment ? segment : undefined;
}

/** Bytes of a segment of any message. */
export function bytesAt(segment: Segment, offset: number, length: number): Uint8Array {
  if ('view' in segment) return (segment as Segment & Pick<BuildSegment, 'view'>).view(offset, length);
  return new Uint8Array(segment.buffer, offset, length);
}

/** The next multiple of a word. */
export function padded(byteLength: number): number {
  const rest = byteLength % 8;
  return rest === 0 ? byteLength : byteLength + 8 - rest;
}
