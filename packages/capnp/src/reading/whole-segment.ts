// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Message } from 'capnp-es';
import { ReadSegment } from './read-segment.js';
import type { ReadState } from './read-state.js';

/** A segment that lies in one slice of the payload. */
export class WholeSegment extends ReadSegment {
  /** capnp-es's name: its getters read through it, and by that stay inside the segment. */
  readonly _dv: DataView;
  readonly #bytes: Uint8Array;

  constructor(id: number, message: Message, state: ReadState, bytes: Uint8Array) {
    super(id, message, state, bytes.byteLength);
    this._dv = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#bytes = bytes;
  }

  override view(offset: number, length: number): Uint8Array {
    this.within(offset, length);
    return this.#bytes.subarray(offset, offset + length);
  }

  override aligned(offset: number, length: number, alignment: number): Uint8Array {
    const view = this.view(offset, length);
    if (view.byteOffset % alignment === 0) return view;
    this.state.payload.ledger.count('misaligned', length);
    return Uint8Array.from(view);
  }

  override slices(offset: number, length: number): Uint8Array[] {
    return [this.view(offset, length)];
  }
}
