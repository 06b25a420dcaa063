// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { SegmentError } from '../errors.js';
import type { Ledger } from './ledger.js';
import type { Slices } from './slices.js';

/** Memory that a payload can be made of. */
export type Segment = ArrayBufferView | ArrayBufferLike;

/** A view of the bytes of any segment, over the same memory. */
export function bytesOf(segment: Segment, index?: number): Uint8Array {
  if (segment instanceof Uint8Array) return segment;
  if (ArrayBuffer.isView(segment)) return new Uint8Array(segment.buffer, segment.byteOffset, segment.byteLength);
  if (isBuffer(segment)) return new Uint8Array(segment);
  const place = index === undefined ? '' : ` (segment ${index})`;
  throw new SegmentError(
    'INVALID_ARGUMENT',
    `a segment must be an ArrayBuffer, a SharedArrayBuffer or a view of one, not ${describe(segment)}${place}`,
    index,
  );
}

/** Whether a value is an ArrayBuffer or a SharedArrayBuffer, of any realm. */
export function isBuffer(value: unknown): value is ArrayBufferLike {
  if (value instanceof ArrayBuffer) return true;
  const tag = Object.prototype.toString.call(value);
  return tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]';
}

/** Whether a buffer is one that threads of JavaScript share, of any realm. */
export function isShared(buffer: ArrayBufferLike): buffer is SharedArrayBuffer {
  if (buffer instanceof ArrayBuffer) return false;
  return Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]';
}

function describe(value: unknown): string {
  return value === null ? 'null' : typeof value;
}

/** Joins `parts` into one array, `out`, as long as all of them. */
export function concat(parts: readonly Uint8Array[], out: Uint8Array): Uint8Array {
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
}

/**
 * The bytes of a payload with the range primitive of the adapters: a view of `[start, end)` at an alignment, without a copy
 * where one segment holds it aligned, otherwise one gather of just that range.
 */
export class SegmentList {
  readonly length: number;
  readonly #slices: Slices;
  /** Where each segment starts in the payload; built at the first range asked for. */
  #starts: Float64Array | undefined;
  /** Ranges are mostly asked for in order, so the search starts at the last hit. */
  #last = 0;
  #freed = false;

  constructor(slices: Slices) {
    this.#slices = slices;
    let length = 0;
    for (let i = 0; i < slices.count; i++) length += slices.lengthOf(i);
    this.length = length;
  }

  get count(): number {
    return this.#slices.count;
  }

  /** Whether the memory is gone, for all payloads that share it. */
  get freed(): boolean {
    return this.#freed;
  }

  /** Lets go of the memory, by its owner. */
  free(release: () => void): void {
    this.#freed = true;
    release();
  }

  get segments(): readonly Uint8Array[] {
    return this.#slices.views();
  }

  /** A view of a range, where one segment holds it aligned; bounds were checked by the caller. */
  view(start: number, end: number, alignment: number): Uint8Array | undefined {
    if (start === end) return new Uint8Array(0);
    const index = this.#find(start);
    const offset = start - (this.#starts as Float64Array)[index]!;
    if (offset + (end - start) > this.#slices.lengthOf(index)) return undefined;
    if ((this.#slices.byteOffsetOf(index) + offset) % alignment !== 0) return undefined;
    return this.#slices.view(index).subarray(offset, offset + end - start);
  }

  /** Fills `out` with the bytes from `start` on, of which there are as many; counted in `ledger`. */
  copy(start: number, out: Uint8Array, ledger: Ledger): Uint8Array {
    if (out.byteLength === 0) return out;
    const index = this.#find(start);
    const offset = start - (this.#starts as Float64Array)[index]!;
    this.#slices.copy(index, offset, out);
    const inside = offset + out.byteLength <= this.#slices.lengthOf(index);
    ledger.count(inside ? 'misaligned' : 'gather', out.byteLength);
    return out;
  }

  /** The segment that holds byte `position`; empty segments hold none. */
  #find(position: number): number {
    const starts = this.#startTable();
    const holds = (i: number) => position >= starts[i]! && position < starts[i]! + this.#slices.lengthOf(i);
    for (let i = this.#last; i < Math.min(this.#last + 4, starts.length); i++) {
      if (holds(i)) {
        this.#last = i;
        return i;
      }
    }
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (starts[middle]! <= position) low = middle;
      else high = middle - 1;
    }
    this.#last = low;
    return low;
  }

  #startTable(): Float64Array {
    if (this.#starts !== undefined) return this.#starts;
    const starts = new Float64Array(this.#slices.count);
    let at = 0;
    for (let i = 0; i < starts.length; i++) {
      starts[i] = at;
      at += this.#slices.lengthOf(i);
    }
    this.#starts = starts;
    return starts;
  }
}
