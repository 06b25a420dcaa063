// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { SegmentError } from '../errors.js';
import { Ledger } from '../zbytes/ledger.js';
import { takeSegments } from '../zbytes/ownership.js';
import { concat } from '../zbytes/segment-list.js';
import { payloadAccess, type ZBytes } from '../zbytes/zbytes.js';
import { OWN_SEGMENT_BYTES } from './limits.js';
import { invalid } from './numbers.js';
import { isLittleEndian, swapped, type TypedArray } from './typed-array.js';

const FIRST_CHUNK = 256;
const LARGEST_CHUNK = 65_536;

const NO_CHUNK = new DataView(new ArrayBuffer(0));
const utf8 = new TextEncoder();

/** Puts a payload together: small values go into chunks of own memory, large arrays become segments as they are. */
export class Writer {
  /** Over the chunk that {@link value} gave room in. */
  view = NO_CHUNK;
  #ledger = new Ledger();
  readonly #parts: Uint8Array[] = [];
  /** The bytes of all parts, as they were when they were added. */
  #length = 0;
  /** The part of the chunk that is written and not among the parts yet. */
  #start = 0;
  #end = 0;

  /** Makes room for `size` bytes of a caller's value in the chunk: the answer is their offset in {@link view}. */
  value(size: number): number {
    this.#ledger.count('convert', size);
    return this.#reserve(size);
  }

  /** A LEB128 number, as it goes before every sequence. */
  length(length: number): void {
    if (!(Number.isSafeInteger(length) && length >= 0)) throw invalid('a length', length);
    let rest = length;
    // Not bit operations: they stop at 32 bits.
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.#byte((rest % 0x80) | 0x80);
    this.#byte(rest);
  }

  string(text: string): void {
    const bytes = utf8.encode(text);
    this.length(bytes.byteLength);
    this.#ledger.count('convert', bytes.byteLength);
    this.#append(bytes);
  }

  /** An array with its length: a reference when it is large, a copy when it is small or can change under a reader. */
  array(array: TypedArray): void {
    // Checks for detached memory, and copies shared memory, before anything is written.
    let bytes = takeSegments([array], 'retain', this.#ledger)[0] ?? new Uint8Array(0);
    if (array.BYTES_PER_ELEMENT > 1 && !isLittleEndian) {
      bytes = swapped(bytes, array.BYTES_PER_ELEMENT);
      this.#ledger.count('convert', bytes.byteLength);
    } else if (bytes.byteLength < OWN_SEGMENT_BYTES) {
      this.#ledger.count('coalesce', bytes.byteLength);
    } else if ((bytes.buffer as { resizable?: boolean }).resizable === true) {
      bytes = new Uint8Array(bytes);
      this.#ledger.count('unstable-memory', bytes.byteLength);
    }
    this.length(array.length);
    this.#append(bytes);
  }

  /** A copy of all that was written so far. */
  toBytes(): Uint8Array {
    return concat(this.#all(), new Uint8Array(this.#length));
  }

  /** What was written, as a payload; the writer is then empty again. */
  finish(): ZBytes {
    const payload = payloadAccess.over([...this.#all()], this.#ledger, undefined);
    this.#parts.length = 0;
    this.#length = 0;
    this.#ledger = new Ledger();
    // The next payload must not share an ArrayBuffer with this one, whose owner may transfer it.
    this.#startChunk(NO_CHUNK);
    return payload;
  }

  #append(bytes: Uint8Array): void {
    if (bytes.byteLength < OWN_SEGMENT_BYTES) {
      const at = this.#reserve(bytes.byteLength);
      new Uint8Array(this.view.buffer).set(bytes, at);
      return;
    }
    this.#seal();
    this.#parts.push(bytes);
    this.#length += bytes.byteLength;
  }

  #byte(byte: number): void {
    const at = this.#reserve(1);
    this.view.setUint8(at, byte);
  }

  #reserve(size: number): number {
    if (this.#end + size > this.view.byteLength) {
      this.#seal();
      const next = Math.min(Math.max(2 * this.view.byteLength, FIRST_CHUNK), LARGEST_CHUNK);
      this.#startChunk(new DataView(new ArrayBuffer(Math.max(next, size))));
    }
    const at = this.#end;
    this.#end += size;
    return at;
  }

  #startChunk(view: DataView<ArrayBuffer>): void {
    this.view = view;
    this.#start = 0;
    this.#end = 0;
  }

  /** What is written of the chunk becomes a part; the rest of the chunk stays in use. */
  #seal(): void {
    if (this.#end === this.#start) return;
    this.#parts.push(new Uint8Array(this.view.buffer, this.#start, this.#end - this.#start));
    this.#length += this.#end - this.#start;
    this.#start = this.#end;
  }

  #all(): readonly Uint8Array[] {
    this.#seal();
    let length = 0;
    for (const part of this.#parts) length += part.byteLength;
    if (length !== this.#length) {
      throw new SegmentError('BUFFER_DETACHED', 'an array was detached between its serialization and the end of it');
    }
    return this.#parts;
  }
}
