// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Data } from 'apache-arrow';
import { type Step, weigh } from './read-weight.js';

/** Values whose weight is known at a time, a power of two. */
const KNOWN = 256;

/** What reading each of a column's values makes, for values that are asked for again and again. */
export class SharedWeights {
  readonly #data: Data;
  readonly #step: Step;
  /** Which value is known in each place, and its weight; made for the first that is asked for. */
  #values: Int32Array | undefined;
  #weights: Float64Array | undefined;

  constructor(data: Data, step: Step) {
    this.#data = data;
    this.#step = step;
  }

  /** The bytes that reading the value makes; a value known already takes no steps. */
  of(value: number): number {
    this.#values ??= new Int32Array(KNOWN).fill(-1);
    this.#weights ??= new Float64Array(KNOWN);
    const place = value & (KNOWN - 1);
    if (this.#values[place] === value) return this.#weights[place] as number;
    const weight = weigh(this.#data, value, value + 1, this.#step);
    this.#values[place] = value;
    this.#weights[place] = weight;
    return weight;
  }
}
