// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { SegmentError } from '../errors.js';
import type { CopyReason, Ledger } from './ledger.js';

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

/** Joins `parts` into one new array of `length` bytes. */
export function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
}

/**
 * An ordered list of byte segments with the range primitive of the adapters: a view of `[start, end)` at an alignment,
 * without a copy where one segment holds it aligned, otherwise one gather of just that range.
 */
export class SegmentList {
  readonly segments: readonly Uint8Array[];
  readonly length: number;
  /** Where each segment starts in the payload; built at the first range asked for. */
  #starts: Float64Array | undefined;
  /** Ranges are mostly asked for in order, so the search starts at the last hit. */
  #last = 0;

  constructor(segments: readonly Uint8Array[]) {
    // Frozen: what is handed to users is also what native code walks.
    this.segments = Object.freeze(segments);
    let length = 0;
    for (const segment of segments) length += segment.byteLength;
    this.length = length;
  }

  /** The range primitive; bounds were checked by the caller. Copies are counted in `ledger`. */
  range(start: number, end: number, alignment: number, ledger: Ledger): Uint8Array {
    if (start === end) return new Uint8Array(0);
    const index = this.#find(start);
    const segment = this.segments[index] as Uint8Array;
    const offset = start - (this.#starts as Float64Array)[index]!;
    if (offset + (end - start) <= segment.byteLength) {
      if ((segment.byteOffset + offset) % alignment === 0) return segment.subarray(offset, offset + end - start);
      return this.#counted('misaligned', index, offset, end - start, ledger);
    }
    return this.#counted('gather', index, offset, end - start, ledger);
  }

  #counted(reason: CopyReason, index: number, offset: number, length: number, ledger: Ledger): Uint8Array {
    const copy = this.#gather(index, offset, length);
    ledger.count(reason, length);
    return copy;
  }

  #gather(index: number, offset: number, length: number): Uint8Array {
    // A fresh ArrayBuffer starts at an address aligned for every element type.
    const out = new Uint8Array(length);
    let filled = 0;
    for (let i = index, from = offset; filled < length; i++, from = 0) {
      const segment = this.segments[i];
      if (segment === undefined) throw changed(i);
      const take = Math.min(segment.byteLength - from, length - filled);
      if (take <= 0) throw changed(i);
      out.set(segment.subarray(from, from + take), filled);
      filled += take;
    }
    return out;
  }

  /** The segment that holds byte `position`; empty segments hold none. */
  #find(position: number): number {
    const starts = this.#startTable();
    const holds = (i: number) =>
      position >= starts[i]! && position < starts[i]! + (this.segments[i] as Uint8Array).byteLength;
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
    const starts = new Float64Array(this.segments.length);
    let at = 0;
    for (let i = 0; i < starts.length; i++) {
      starts[i] = at;
      at += (this.segments[i] as Uint8Array).byteLength;
    }
    this.#starts = starts;
    return starts;
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
