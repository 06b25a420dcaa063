// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Ledger } from '@zenoh-segments/core';
import { type Codec, type Decompress, decompressorOf } from '../compression/codec.js';
import { invalid } from '../errors.js';
import type { Body } from './body.js';
import type { PayloadBudget } from './payload-budget.js';

/** Before each buffer that is not empty: its uncompressed length, or {@link STORED} (Message.fbs `BodyCompression`). */
const LENGTH_BYTES = 8;
/** Uncompressed although the others are not. */
const STORED = -1;

/** A body whose buffers are compressed one by one; what is read of it is counted as `decompress`. */
export class CompressedBody implements Body {
  readonly bytes: number;
  readonly capacity = Number.POSITIVE_INFINITY;
  readonly #plain: Body;
  readonly #decompress: Decompress;
  readonly #budget: PayloadBudget;
  readonly #ledger: Ledger;
  #read = 0;

  /** @param budget of all messages of the payload; it bounds what the buffers have together. */
  constructor(plain: Body, codec: Codec, budget: PayloadBudget, ledger: Ledger) {
    this.#plain = plain;
    this.bytes = plain.bytes;
    this.#decompress = decompressorOf(codec);
    this.#budget = budget;
    this.#ledger = ledger;
  }

  sizeOf(offset: number, length: number, column: string): number {
    if (length === 0) return 0;
    const declared = this.#declared(offset, length, column);
    if (declared < STORED) throw invalid(`a buffer of ${declared} bytes`, column);
    return declared === STORED ? length - LENGTH_BYTES : declared;
  }

  read(offset: number, length: number, needed: number, alignment: number, column: string): Uint8Array {
    // Buffers over the same bytes would each be decompressed, or gathered.
    this.#read += length;
    if (this.#read > this.bytes) throw invalid('buffers that overlap', column);
    const declared = this.#declared(offset, length, column);
    const from = offset + LENGTH_BYTES;
    const left = length - LENGTH_BYTES;
    if (declared === STORED) return this.#plain.read(from, left, needed, alignment, column);
    if (declared < needed) throw invalid(`a buffer that declares ${declared} bytes where ${needed} are needed`, column);
    this.#budget.decompress(declared);
    const bytes = this.#decompress(this.#plain.read(from, left, left, 1, column), declared);
    this.#ledger.count('decompress', declared);
    return bytes.subarray(0, needed);
  }

  #declared(offset: number, length: number, column: string): number {
    const start = this.#plain.read(offset, length, LENGTH_BYTES, 1, column);
    return Number(new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigInt64(0, true));
  }
}
