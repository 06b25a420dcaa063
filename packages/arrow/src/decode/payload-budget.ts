// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { beyond } from '../errors.js';
import type { ArrowLimits } from '../limits.js';

/** What a payload may expand to whatever its size. */
const FREE_BYTES = 32 * 2 ** 20;
/** Starting a decompressor takes as long as this many bytes of its output, however few there are. */
const LEAST_BUFFER_BYTES = 2048;
/** Steps from value to value that a payload may take whatever its size: some 20 ms. */
const FREE_STEPS = 2 ** 18;
/** What of the payload, times `maxExpansion`, allows for one more: by default four bytes do. */
const STEP_BYTES = 32;

/** What all messages of one payload together may still claim beyond its bytes. */
export class PayloadBudget {
  readonly #limits: ArrowLimits;
  readonly #payloadBytes: number;
  #byteless = 0;
  #declared = 0;
  #charged = 0;
  #shared = 0;
  #steps = 0;

  constructor(limits: ArrowLimits, payloadBytes: number) {
    this.#limits = limits;
    this.#payloadBytes = payloadBytes;
  }

  /**
   * Admits values that take no bytes, as many as the limit and the bits of the payload allow.
   *
   * @throws {ArrowPayloadError} `ARROW_LIMIT`
   */
  byteless(values: number): void {
    this.#byteless += values;
    const allowed = this.#limits.maxBytelessValues + this.#payloadBytes * 8;
    if (this.#byteless > allowed) throw beyond('maxBytelessValues', this.#byteless, allowed);
  }

  /**
   * Admits a compressed buffer of so many bytes.
   *
   * @throws {ArrowPayloadError} `ARROW_LIMIT`, before anything is allocated.
   */
  decompress(bytes: number): void {
    this.#declared += bytes;
    this.#charged += Math.max(bytes, LEAST_BUFFER_BYTES);
    const { maxDecompressedBytes } = this.#limits;
    if (this.#declared > maxDecompressedBytes)
      throw beyond('maxDecompressedBytes', this.#declared, maxDecompressedBytes);
    this.#expand(this.#charged, this.#payloadBytes);
  }

  /**
   * Admits so many bytes of what readers make of values that may share theirs: each reading makes them anew.
   *
   * @throws {ArrowPayloadError} `ARROW_LIMIT`
   */
  shared(bytes: number): void {
    this.#shared += bytes;
    this.#expand(this.#shared, this.#payloadBytes + this.#declared);
  }

  /**
   * Admits so many steps to find out what {@link shared} is told. They take time, not memory, and so only bytes that were
   * received count: a few that decompress to zeros could take as many steps as they like.
   *
   * @throws {ArrowPayloadError} `ARROW_LIMIT`, before they are taken.
   */
  step(count: number): void {
    this.#steps += count;
    const { maxExpansion } = this.#limits;
    const allowed = FREE_STEPS + (this.#payloadBytes * maxExpansion) / STEP_BYTES;
    if (this.#steps <= allowed) return;
    throw beyond(
      `maxExpansion (${maxExpansion}) of ${this.#payloadBytes} bytes, in steps within values that rows share`,
      this.#steps,
      Math.floor(allowed),
    );
  }

  #expand(bytes: number, from: number): void {
    const { maxExpansion } = this.#limits;
    const allowed = FREE_BYTES + from * maxExpansion;
    if (bytes > allowed) throw beyond(`maxExpansion (${maxExpansion}) of ${from} bytes`, bytes, allowed);
  }
}
