// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { max, median, min } from 'simple-statistics';

/** @typedef {import('./axes.mjs').Axis} Axis */
/** Microseconds for each message. @typedef {{ cpu: number, wall: number }} Cost */

/** What a message costs where one series has one value. */
class Point {
  /** @type {Cost[]} */
  rounds = [];
  /** Why there is nothing, or nothing more. @type {string | undefined} */
  failure;

  /** @param {Axis['series'][number]} series @param {number} value */
  constructor(series, value) {
    this.series = series;
    this.value = value;
  }

  /** Processor time, both ends. */
  get us() {
    const times = this.rounds.map(({ cpu }) => cpu);
    return times.length === 0 ? undefined : { median: median(times), min: min(times), max: max(times) };
  }

  toJSON() {
    const { series, value, us, rounds, failure } = this;
    return { series: series.id, value, microseconds: us, rounds, failure };
  }
}

/** The points of one axis. */
export class AxisResult {
  /** @param {Axis} axis */
  constructor(axis) {
    this.axis = axis;
    this.points = axis.values.flatMap((value) => axis.series.map((series) => new Point(series, value)));
  }

  /** @param {string} series @param {number} value */
  cost(series, value) {
    return this.points.find((point) => point.series.id === series && point.value === value)?.us?.median;
  }

  toJSON() {
    return { axis: this.axis.id, points: this.points };
  }
}
