// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError, SegmentError } from '../errors.js';
import { ZBytes } from '../zbytes/zbytes.js';
import { isLittleEndian, swapped, type TypedArray, type TypedArrayType } from './typed-array.js';

/** The most bytes that a LEB128 number of 64 bits takes. */
const LONGEST_LENGTH = 10;

const NO_BYTES = new Uint8Array(0);
const NO_VIEW = new DataView(NO_BYTES.buffer);

// The marks that a text starts with are part of it, as they are for the other implementations.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Walks a payload from its start, and gives views of its memory where one segment holds what is asked for. */
export class Reader {
  /** Over the memory that {@link step} went over last. */
  view: DataView = NO_VIEW;
  readonly #payload: ZBytes;
  #position = 0;
  /** The memory of `view`, whose length tells when it was detached, and its place in the payload. */
  #window: Uint8Array = NO_BYTES;
  #windowStart = 0;
  /** The segment that the window is in, or was in before a range that crossed its end. */
  #segment = 0;
  #segmentStart = 0;

  constructor(data: ZBytes | Uint8Array) {
    this.#payload = data instanceof ZBytes ? data : new ZBytes(data);
  }

  get position(): number {
    return this.#position;
  }

  get remaining(): number {
    return this.#payload.length - this.#position;
  }

  /** Goes over the `size` bytes (1 or more) of a value, and gives their offset in {@link view}. */
  step(size: number): number {
    this.#require(size);
    const start = this.#position;
    if (start < this.#windowStart || start + size > this.#windowStart + this.#window.byteLength) {
      this.#moveWindow(start, start + size);
    }
    this.#position = start + size;
    return start - this.#windowStart;
  }

  /** A LEB128 number. As in Rust, needless bytes at its end are read over as long as there are no more than ten. */
  length(): number {
    let length = 0;
    for (let i = 0; i < LONGEST_LENGTH; i++) {
      const at = this.step(1);
      const byte = this.view.getUint8(at);
      length += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) {
        if (length > Number.MAX_SAFE_INTEGER) throw malformed(`a length exceeds the safe range: ${length}`);
        return length;
      }
    }
    throw malformed('a length of more than ten bytes');
  }

  string(): string {
    const bytes = this.#bytes(this.length(), 1);
    try {
      return utf8.decode(bytes);
    } catch (cause) {
      throw malformed('a string that is not UTF-8', cause);
    }
  }

  /** An array with its length; the answer is a view of the payload's memory if one segment holds it, aligned. */
  array<T extends TypedArray>(type: TypedArrayType<T>): T {
    const size = type.BYTES_PER_ELEMENT;
    const length = this.length();
    // In elements, not bytes: the product could leave the range of exact numbers.
    if (length > this.remaining / size) throw this.#truncated(`${length} elements of ${size} bytes`);
    let bytes = this.#bytes(length * size, size);
    if (size > 1 && !isLittleEndian) {
      bytes = swapped(bytes, size);
      this.#payload.ledger.count('convert', bytes.byteLength);
    }
    return new type(bytes.buffer, bytes.byteOffset, length);
  }

  #bytes(length: number, alignment: number): Uint8Array {
    this.#require(length);
    const bytes = this.#payload.range(this.#position, this.#position + length, alignment);
    this.#position += length;
    return bytes;
  }

  #require(size: number): void {
    if (size > this.remaining) throw this.#truncated(`${size} bytes`);
  }

  #truncated(what: string): CoreError {
    return malformed(`${what} at byte ${this.#position}, where ${this.remaining} bytes are left`);
  }

  #moveWindow(start: number, end: number): void {
    const segments = this.#payload.segments();
    let segment = segments[this.#segment];
    while (segment !== undefined && start >= this.#segmentStart + segment.byteLength) {
      this.#segmentStart += segment.byteLength;
      segment = segments[++this.#segment];
    }
    if (segment === undefined) throw new SegmentError('BUFFER_DETACHED', 'a segment was detached while it was read');
    if (end <= this.#segmentStart + segment.byteLength) {
      this.#window = segment;
      this.#windowStart = this.#segmentStart;
    } else {
      this.#window = this.#payload.range(start, end);
      this.#windowStart = start;
    }
    this.view = new DataView(this.#window.buffer, this.#window.byteOffset, this.#window.byteLength);
  }
}

/** The error for bytes that are not the value asked for. */
export function malformed(what: string, cause?: unknown): CoreError {
  return new CoreError(
    'DESERIALIZE',
    `the payload can't be deserialized: ${what}`,
    cause === undefined ? {} : { cause },
  );
}
