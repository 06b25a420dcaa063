// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { SegmentError } from '../errors.js';

/** Where the bytes of a payload are: non-empty pieces of memory, in order. */
export interface Slices {
  readonly count: number;
  lengthOf(index: number): number;
  /** Where a slice begins in the ArrayBuffer that `view` is over. */
  byteOffsetOf(index: number): number;
  view(index: number): Uint8Array;
  /** The views of all slices: the same frozen array at every call, as it is handed to users and walked by native code. */
  views(): readonly Uint8Array[];
  /** Fills `out` with what begins at `offset` of slice `index`. */
  copy(index: number, offset: number, out: Uint8Array): void;
}

/** Slices that JavaScript has views of. */
export class Views implements Slices {
  readonly #views: readonly Uint8Array[];
  /** Most arrays no user ever sees. */
  #frozen = false;

  constructor(views: readonly Uint8Array[]) {
    this.#views = views;
  }

  get count(): number {
    return this.#views.length;
  }

  lengthOf(index: number): number {
    return (this.#views[index] as Uint8Array).byteLength;
  }

  byteOffsetOf(index: number): number {
    return (this.#views[index] as Uint8Array).byteOffset;
  }

  view(index: number): Uint8Array {
    return this.#views[index] as Uint8Array;
  }

  views(): readonly Uint8Array[] {
    if (!this.#frozen) Object.freeze(this.#views);
    this.#frozen = true;
    return this.#views;
  }

  copy(index: number, offset: number, out: Uint8Array): void {
    let filled = 0;
    for (let i = index, from = offset; filled < out.byteLength; i++, from = 0) {
      const view = this.#views[i];
      if (view === undefined) throw changed(i);
      const take = Math.min(view.byteLength - from, out.byteLength - filled);
      if (take <= 0) throw changed(i);
      out.set(view.subarray(from, from + take), filled);
      filled += take;
    }
  }
}

/** A segment whose memory was detached or resized since the payload was made. */
function changed(index: number): SegmentError {
  return new SegmentError(
    'BUFFER_DETACHED',
    `segment ${index} was detached or resized since the payload was made`,
    index,
  );
}
