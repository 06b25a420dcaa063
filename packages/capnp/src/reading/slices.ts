// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** One slice of a payload and where it starts in it. */
export interface Slice {
  readonly bytes: Uint8Array;
  readonly start: number;
}

/** The slices of a payload by position. */
export class Slices {
  readonly #slices: readonly Uint8Array[];
  readonly #starts: Float64Array;
  /** Values are mostly read in order: the search starts at the last hit. */
  #last = 0;

  constructor(slices: readonly Uint8Array[]) {
    this.#slices = slices;
    this.#starts = new Float64Array(slices.length + 1);
    for (let i = 0; i < slices.length; i++) {
      this.#starts[i + 1] = this.#startOf(i) + (slices[i] as Uint8Array).byteLength;
    }
  }

  /** The slice that holds byte `position`, which must be inside the payload. */
  at(position: number): Slice {
    const index = this.#find(position);
    return { bytes: this.#slices[index] as Uint8Array, start: this.#startOf(index) };
  }

  /** The bytes `[start, end)`, when one slice holds them all. */
  whole(start: number, end: number): Uint8Array | undefined {
    if (start === end) return new Uint8Array(0);
    const index = this.#find(start);
    if (end > this.#startOf(index + 1)) return undefined;
    return (this.#slices[index] as Uint8Array).subarray(start - this.#startOf(index), end - this.#startOf(index));
  }

  /** Views of the bytes `[start, end)`, in order. */
  views(start: number, end: number): Uint8Array[] {
    const views: Uint8Array[] = [];
    if (start === end) return views;
    for (let index = this.#find(start); index < this.#slices.length && this.#startOf(index) < end; index++) {
      const from = Math.max(start - this.#startOf(index), 0);
      views.push((this.#slices[index] as Uint8Array).subarray(from, end - this.#startOf(index)));
    }
    return views;
  }

  #startOf(index: number): number {
    return this.#starts[index] as number;
  }

  #find(position: number): number {
    if (position >= this.#startOf(this.#last) && position < this.#startOf(this.#last + 1)) return this.#last;
    let low = 0;
    let high = this.#slices.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#startOf(middle) <= position) low = middle;
      else high = middle - 1;
    }
    this.#last = low;
    return low;
  }
}
