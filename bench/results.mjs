// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { max, median, min } from 'simple-statistics';

/** @typedef {import('./measurement.mjs').Measurement} Measurement */
/** @typedef {import('./measurement.mjs').End} End */
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
    return this.#both((end) => {
      const ledgers = this.rounds.map((round) => round[end].ledger).filter((ledger) => ledger !== undefined);
      const sum = (/** @type {'copied' | 'carried'} */ of) => ledgers.reduce((total, ledger) => total + ledger[of], 0);
      return sum('carried') === 0 ? undefined : sum('copied') / sum('carried');
    });
  }

  /** Microseconds of processor time per message, at each end. */
  get cpu() {
    return this.#both((end) => this.#median(({ messages, [end]: { cpu } }) => cpu && (cpu / messages) * 1e6));
  }

  /** Bytes of memory at most, at each end. */
  get peak() {
    return this.#both((end) => this.#median((round) => round[end].peak));
  }

  /** Milliseconds by which the event loop was late in one of a hundred looks, at each end. */
  get loop() {
    return this.#both((end) => this.#median((round) => round[end].loop?.p99));
  }

  /** @param {(round: Measurement) => number | undefined} of */
  #median(of) {
    const known = this.rounds.map(of).filter((value) => value !== undefined);
    return known.length === 0 ? undefined : median(known);
  }

  /** @param {(end: 'sent' | 'received') => number | undefined} of */
  #both(of) {
    const [sent, received] = [of('sent'), of('received')];
    return sent === undefined || received === undefined ? undefined : { sent, received };
  }

  toJSON() {
    const { contender, size, rate, copied, cpu, peak, loop, rounds, failure } = this;
    return {
      contender: contender.id,
      size,
      messagesPerSecond: rate,
      copiedPerByte: copied,
      cpuMicrosecondsPerMessage: cpu,
      peakBytes: peak,
      loopDelayMilliseconds: loop,
      rounds,
      failure,
    };
  }
}
