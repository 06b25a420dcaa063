// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import { invalid } from '../errors.js';

/** The body of one message: what its buffers are read from. */
export interface Body {
  /** Its length, which no buffer may end beyond. */
  readonly bytes: number;
  /** Bytes that all buffers of the message can have together. */
  readonly capacity: number;
  /**
   * How many bytes the buffer at [offset, offset + length) has, which was checked to be inside.
   *
   * @throws {ArrowPayloadError}
   */
  sizeOf(offset: number, length: number, column: string): number;
  /**
   * The first `needed` bytes of the buffer at [offset, offset + length) of the body, which was checked to be inside.
   *
   * @throws {ArrowPayloadError} `ARROW_INVALID` when the buffer has fewer.
   */
  read(offset: number, length: number, needed: number, alignment: number, column: string): Uint8Array;
}

/** A body that is read where the payload has it. */
export class PlainBody implements Body {
  readonly bytes: number;
  readonly capacity: number;
  readonly #payload: ZBytes;
  readonly #start: number;

  constructor(payload: ZBytes, start: number, bytes: number) {
    this.#payload = payload;
    this.#start = start;
    this.bytes = bytes;
    this.capacity = bytes;
  }

  sizeOf(_offset: number, length: number): number {
    return length;
  }

  read(offset: number, length: number, needed: number, alignment: number, column: string): Uint8Array {
    if (needed > length) throw invalid(`a buffer of ${length} bytes where ${needed} are needed`, column);
    const from = this.#start + offset;
    return this.#payload.range(from, from + needed, alignment);
  }
}
