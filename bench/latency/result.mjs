// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { build } from 'hdr-histogram-js';
import { median } from 'simple-statistics';

/** @typedef {'alone' | 'loaded'} Way one message on its way at a time, or so many a second */

/** Percentiles, in microseconds. @typedef {{ p50: number, p99: number, p999: number, most: number }} Percentiles */

/** What one contender did at one size. */
export class TripResult {
  /** @type {Record<Way, ReturnType<typeof build>[]>} */
  #rounds = { alone: [], loaded: [] };
  /** Why there is nothing, or nothing more. @type {string | undefined} */
  failure;

  /** @param {import('../contenders.mjs').Contender} contender @param {number} size @param {number} rate */
  constructor(contender, size, rate) {
    this.contender = contender;
    this.size = size;
    this.rate = rate;
  }

  /** @param {import('./measurement.mjs').Trips} trips */
  add(trips) {
    for (const way of /** @type {const} */ (['alone', 'loaded'])) {
      const histogram = build({ highestTrackableValue: 120e9, numberOfSignificantValueDigits: 3 });
      for (const nanoseconds of trips[way]) histogram.recordValue(nanoseconds);
      this.#rounds[way].push(histogram);
    }
  }

  /**
   * Of p50 and p99 the median of the rounds; of what is rare, that of all rounds taken together.
   *
   * @param {Way} way @returns {Percentiles | undefined}
   */
  percentiles(way) {
    const rounds = this.#rounds[way];
    if (rounds.length === 0) return undefined;
    const all = build({ highestTrackableValue: 120e9, numberOfSignificantValueDigits: 3 });
    for (const round of rounds) all.add(round);
    const typical = (/** @type {number} */ p) => median(rounds.map((round) => round.getValueAtPercentile(p))) / 1000;
    return {
      p50: typical(50),
      p99: typical(99),
      p999: all.getValueAtPercentile(99.9) / 1000,
      most: all.maxValue / 1000,
    };
  }

  toJSON() {
    const { contender, size, rate, failure } = this;
    const told = (/** @type {Way} */ way) => ({
      ...this.percentiles(way),
      samples: this.#rounds[way].map((round) => round.totalCount),
      rounds: this.#rounds[way].map((round) => ({
        p50: round.getValueAtPercentile(50) / 1000,
        p99: round.getValueAtPercentile(99) / 1000,
      })),
    });
    return {
      contender: contender.id,
      size,
      rate,
      microseconds: { alone: told('alone'), loaded: told('loaded') },
      failure,
    };
  }
}
