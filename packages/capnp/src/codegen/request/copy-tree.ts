// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { followFar, type Place, POINTERS, STRUCTS, wordsOfList } from './pointer.js';

/**
 * A deep copy of what a pointer leads to, as one segment with a pointer to it as root. Capabilities become null. The
 * pointers were checked. (capnp-es's `copyFrom` follows the pointers of a struct list that it has copied already.)
 */
export function copyTree(segments: readonly DataView[], place: Place): ArrayBuffer {
  const copy = new TreeCopy(segments);
  copy.pointer(place, copy.allocate(1));
  return copy.bytes;
}

class TreeCopy {
  readonly #segments: readonly DataView[];
  #out: DataView<ArrayBuffer> = new DataView(new ArrayBuffer(1024));
  #length = 0;

  constructor(segments: readonly DataView[]) {
    this.#segments = segments;
  }

  get bytes(): ArrayBuffer {
    return this.#out.buffer.slice(0, this.#length);
  }

  /** Zeroed words at the end; where they begin. */
  allocate(words: number): number {
    const at = this.#length;
    this.#length += 8 * words;
    if (this.#length > this.#out.byteLength) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#out.byteLength));
      larger.set(new Uint8Array(this.#out.buffer));
      this.#out = new DataView(larger.buffer);
    }
    return at;
  }

  /** Copies the pointer at `place` to `to`, and what it leads to behind everything. */
  pointer(place: Place, to: number): void {
    const found = followFar(this.#segments, place);
    if (found === undefined) return;
    const { segment, at, low, high } = found;
    if ((low & 3) === 0) {
      const dataWords = high & 0xffff;
      const pointers = high >>> 16;
      const start = this.allocate(dataWords + pointers);
      this.#head(to, start, 0, high);
      this.#structs(segment, at, start, 1, dataWords, pointers);
    } else if ((high & 7) === STRUCTS) {
      const start = this.allocate((high >>> 3) + 1);
      this.#head(to, start, 1, high);
      const elements = segment.getUint32(at, true) >>> 2;
      const sizes = segment.getUint32(at + 4, true);
      this.#words(segment, at, start, 1);
      this.#structs(segment, at + 8, start + 8, elements, sizes & 0xffff, sizes >>> 16);
    } else {
      const words = wordsOfList(high);
      const start = this.allocate(words);
      this.#head(to, start, 1, high);
      if ((high & 7) === POINTERS) this.#structs(segment, at, start, 1, 0, words);
      else this.#words(segment, at, start, words);
    }
  }

  #structs(segment: DataView, from: number, to: number, count: number, dataWords: number, pointers: number): void {
    for (let i = 0; i < count; i++) {
      const skip = 8 * i * (dataWords + pointers);
      this.#words(segment, from + skip, to + skip, dataWords);
      for (let j = 0; j < pointers; j++) {
        const field = skip + 8 * (dataWords + j);
        this.pointer({ segment, at: from + field }, to + field);
      }
    }
  }

  #head(at: number, target: number, kind: 0 | 1, high: number): void {
    this.#out.setInt32(at, (((target - at - 8) / 8) << 2) | kind, true);
    this.#out.setUint32(at + 4, high, true);
  }

  #words(segment: DataView, from: number, to: number, words: number): void {
    new Uint8Array(this.#out.buffer, to).set(new Uint8Array(segment.buffer, segment.byteOffset + from, 8 * words));
  }
}
