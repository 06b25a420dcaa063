// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { GivenUp } from '../given-up.js';
import { CutOff } from './remainder.js';

/** Until the process ends: the system may still read their memory. */
const kept: unknown[] = [];

/** A sample that is disposed, unless a write of its memory was given up: its reader may take the rest at any time. */
export class Held<T extends Disposable> implements Disposable {
  readonly sample: T;
  #kept = false;

  constructor(sample: T) {
    this.sample = sample;
  }

  /** What `work` gives; when it is given up, the sample stays. */
  async unlessGivenUp(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (error instanceof GivenUp && !(error instanceof CutOff)) {
        this.#kept = true;
        kept.push(this.sample);
      }
      throw error;
    }
  }

  [Symbol.dispose](): void {
    if (!this.#kept) this.sample[Symbol.dispose]();
  }
}
