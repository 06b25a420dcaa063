// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Message } from 'capnp-es';
import { ReadSegment } from './read-segment.js';
import type { ReadState } from './read-state.js';
import type { Slices } from './slices.js';

/** The longest value that a slice border can cut, in bytes. */
const LONGEST = 8;

/**
 * A segment that slice borders of the payload cut: read in place all the same, one slice at a time. A value on a border
 * is put together from its bytes, a text or data on one is gathered alone.
 */
export class SlicedSegment extends ReadSegment {
  readonly #slices: Slices;
  /** Where the segment starts in the payload. */
  readonly #start: number;
  /** The window last read through: bytes `[from, to)` of the segment, as a view of their slice. */
  #window: DataView = new DataView(new ArrayBuffer(0));
  #from = 0;
  #to = 0;
  readonly #border = new DataView(new ArrayBuffer(LONGEST));

  constructor(id: number, message: Message, state: ReadState, slices: Slices, start: number, byteLength: number) {
    super(id, message, state, byteLength);
    this.#slices = slices;
    this.#start = start;
  }

  override view(offset: number, length: number): Uint8Array {
    return this.aligned(offset, length, 1);
  }

  override aligned(offset: number, length: number, alignment: number): Uint8Array {
    this.within(offset, length);
    return this.state.payload.range(this.#start + offset, this.#start + offset + length, alignment);
  }

  override slices(offset: number, length: number): Uint8Array[] {
    this.within(offset, length);
    return this.#slices.views(this.#start + offset, this.#start + offset + length);
  }

  override getInt8(at: number): number {
    return this.#at(at, 1).getInt8(at - this.#from);
  }
  override getInt16(at: number): number {
    return this.#at(at, 2).getInt16(at - this.#from, true);
  }
  override getInt32(at: number): number {
    return this.#at(at, 4).getInt32(at - this.#from, true);
  }
  override getInt64(at: number): bigint {
    return this.#at(at, 8).getBigInt64(at - this.#from, true);
  }
  override getUint8(at: number): number {
    return this.#at(at, 1).getUint8(at - this.#from);
  }
  override getUint16(at: number): number {
    return this.#at(at, 2).getUint16(at - this.#from, true);
  }
  override getUint32(at: number): number {
    return this.#at(at, 4).getUint32(at - this.#from, true);
  }
  override getUint64(at: number): bigint {
    return this.#at(at, 8).getBigUint64(at - this.#from, true);
  }
  override getFloat32(at: number): number {
    return this.#at(at, 4).getFloat32(at - this.#from, true);
  }
  override getFloat64(at: number): number {
    return this.#at(at, 8).getFloat64(at - this.#from, true);
  }

  /** A view that holds `length` bytes at `offset`, at `offset - this.#from`. */
  #at(offset: number, length: number): DataView {
    if (offset >= this.#from && offset + length <= this.#to) return this.#window;
    return this.#move(offset, length);
  }

  #move(offset: number, length: number): DataView {
    this.within(offset, length);
    const at = this.#start + offset;
    const { bytes, start } = this.#slices.at(at);
    const end = Math.min(start + bytes.byteLength, this.#start + this.byteLength);
    if (at + length <= end) {
      const from = Math.max(start, this.#start);
      this.#window = new DataView(bytes.buffer, bytes.byteOffset + from - start, end - from);
      this.#from = from - this.#start;
      this.#to = end - this.#start;
      return this.#window;
    }
    let filled = 0;
    for (const slice of this.#slices.views(at, at + length)) {
      for (const byte of slice) this.#border.setUint8(filled++, byte);
    }
    this.#window = this.#border;
    this.#from = offset;
    this.#to = offset + length;
    return this.#border;
  }
}
