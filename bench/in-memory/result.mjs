// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { max, median, min } from 'simple-statistics';

/** What all contenders did in one row at one size. */
export class Result {
  /** Microseconds of each round. @type {Record<string, number[]>} */
  rounds = {};
  /** Why there is nothing, or nothing more. @type {Record<string, string>} */
  failures = {};

  /** @param {import('./suite.mjs').Suite} suite @param {import('./suite.mjs').Row} row @param {number} size */
  constructor(suite, row, size) {
    this.suite = suite;
    this.row = row;
    this.size = size;
  }

  /** @param {string} name @param {number} us */
  add(name, us) {
    this.rounds[name] = [...(this.rounds[name] ?? []), us];
  }

  /** @param {string} name */
  time(name) {
    const times = this.rounds[name] ?? [];
    if (times.length === 0 || this.failures[name] !== undefined) return undefined;
    return { median: median(times), min: min(times), max: max(times) };
  }

  /** How many times as long ours takes. @param {string} name */
  ratio(name) {
    const [ours, other] = [this.time('ours'), this.time(name)];
    return ours === undefined || other === undefined ? undefined : ours.median / other.median;
  }

  get sizeText() {
    return this.suite.sizeText(this.row, this.size);
  }

  /** What ours had to reach, and whether it did. */
  get goals() {
    const ours = this.time('ours');
    const goals = [];
    const most = this.row.goal?.(this.size);
    if (most !== undefined) {
      goals.push({
        goal: `<= ${Math.round(most)} us`,
        value: ours?.median,
        met: ours !== undefined && ours.median <= most,
      });
    }
    if (this.suite.beatsStock(this.row, this.size)) {
      const value = this.ratio('stock');
      goals.push({ goal: '<= stock', value, met: value !== undefined && value <= 1 });
    }
    return goals;
  }

  toJSON() {
    const { row, size, rounds, failures, goals } = this;
    const times = Object.fromEntries(Object.keys(rounds).map((name) => [name, this.time(name)]));
    return { row: row.id, size, microseconds: times, rounds, failures, goals };
  }
}
