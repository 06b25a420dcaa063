// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { max, median, min } from 'simple-statistics';

/** @typedef {import('./measurement.mjs').Measurement} Measurement */
/** @typedef {import('./contenders.mjs').Contender} Contender */

/** What one contender did at one size. */
export class Result {
  /** @type {Measurement[]} */
  rounds = [];
  /** Why there is nothing, or nothing more. @type {string | undefined} */
  failure;

  /** @param {Contender} contender @param {number} size */
  constructor(contender, size) {
    this.contender = contender;
    this.size = size;
  }

  /** Messages per second: the median of the rounds, and the extremes. */
  get rate() {
    const rates = this.rounds.map(({ messages, seconds }) => messages / seconds);
    if (rates.length === 0) return undefined;
    return { median: median(rates), min: min(rates), max: max(rates) };
  }

  /** Bytes that our library copied per byte carried, at each end. */
  get copied() {
    const share = (/** @type {'sent' | 'received'} */ end) => {
      const ledgers = this.rounds.map((round) => round[end]).filter((ledger) => ledger !== undefined);
      const sum = (/** @type {'copied' | 'carried'} */ of) => ledgers.reduce((total, ledger) => total + ledger[of], 0);
      return sum('carried') === 0 ? undefined : sum('copied') / sum('carried');
    };
    const [sent, received] = [share('sent'), share('received')];
    return sent === undefined || received === undefined ? undefined : { sent, received };
  }

  toJSON() {
    const { contender, size, rate, copied, rounds, failure } = this;
    return { contender: contender.id, size, messagesPerSecond: rate, copiedPerByte: copied, rounds, failure };
  }
}
