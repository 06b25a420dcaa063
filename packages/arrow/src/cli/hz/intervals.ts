// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createHistogram } from 'node:perf_hooks';

/** Times of samples that are kept: intervals between them tell percentiles. */
const MOST_TIMES = 4096;
const LEAST_TIMES = 16;

/** Milliseconds between two samples. */
export interface IntervalFacts {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly stddev: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** One for all: it is filled anew for each report. It counts nanoseconds. */
const histogram = createHistogram();

const NANOSECONDS = 1e6;

/** When the samples of one key came, the last of them. Grows with them, up to 32 KiB. */
export class Intervals {
  #times = new Float64Array(LEAST_TIMES);
  #count = 0;

  /** @param now milliseconds, not before those of earlier calls. */
  add(now: number): void {
    const length = this.#times.length;
    if (this.#count === length && length < MOST_TIMES) {
      const longer = new Float64Array(length * 2);
      longer.set(this.#times);
      this.#times = longer;
    }
    this.#times[this.#count % this.#times.length] = now;
    this.#count++;
  }

  /** Of the intervals that ended after `since`; undefined when there is none. */
  facts(since: number): IntervalFacts | undefined {
    histogram.reset();
    const { length } = this.#times;
    for (let i = this.#count - 1; i > Math.max(0, this.#count - length); i--) {
      const end = this.#times[i % length] as number;
      if (end < since) break;
      const interval = end - (this.#times[(i - 1) % length] as number);
      // It takes whole numbers from 1.
      histogram.record(Math.max(1, Math.round(interval * NANOSECONDS)));
    }
    if (histogram.count === 0) return undefined;
    const { min, mean, max, stddev } = histogram;
    const ms = (nanoseconds: number) => nanoseconds / NANOSECONDS;
    const at = (percent: number) => ms(histogram.percentile(percent));
    return { min: ms(min), mean: ms(mean), max: ms(max), stddev: ms(stddev), p50: at(50), p95: at(95), p99: at(99) };
  }
}
