// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { setImmediate as turn } from 'node:timers/promises';
import { sleepUntil } from '../sleep-until.js';

/** Lets messages go at the distances they were recorded with. One that is late goes at once; those after it are in time. */
export class Timeline {
  readonly #speed: number;
  readonly #signal: AbortSignal;
  #first: bigint | undefined;
  #start = 0;

  /** @param speed 2 is twice as fast, 0 as fast as possible. */
  constructor(speed: number, signal: AbortSignal) {
    this.#speed = speed;
    this.#signal = signal;
  }

  /**
   * Resolves when a message of this time may go. Signals and timers always get their turn.
   *
   * @param time in nanoseconds
   */
  async until(time: bigint): Promise<void> {
    if (this.#first === undefined) {
      this.#first = time;
      this.#start = performance.now();
    }
    if (this.#speed === 0) return turn();
    await sleepUntil(this.#start + Number(time - this.#first) / 1e6 / this.#speed, this.#signal);
  }
}
