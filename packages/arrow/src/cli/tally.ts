// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** A rate over less than that says nothing. */
const SHORTEST_S = 0.05;

/** What went through so far. */
export class Tally {
  batches = 0;
  rows = 0;
  bytes = 0;
  /** Samples received, whatever they were. */
  samples = 0;
  /** Those of them that were no Arrow data. */
  skipped = 0;
  /** Batches that came, and that the reader of the output did not take. */
  unwritten = 0;
  /** Messages that are known not to have reached a subscriber. */
  lost = 0;
  #first: number | undefined;
  #last = 0;

  /** Before the first batch: starts the clock. */
  start(): void {
    this.#first ??= performance.now();
  }

  add(batches: number, rows: number, bytes: number): void {
    this.batches += batches;
    this.rows += rows;
    this.bytes += bytes;
    this.#last = performance.now();
  }

  /** From `start` to the last batch. */
  get seconds(): number {
    return this.#first === undefined ? 0 : Math.max(0, this.#last - this.#first) / 1000;
  }

  /** Undefined when the time is too short to tell. */
  get bytesPerSecond(): number | undefined {
    return this.seconds < SHORTEST_S ? undefined : this.bytes / this.seconds;
  }
}
