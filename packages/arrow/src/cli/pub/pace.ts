// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { sleepUntil } from '../sleep-until.js';

/** So many of something a second. */
export interface Rate {
  readonly perSecond: number;
  readonly unit: 'batches' | 'rows';
}

/**
 * Spreads batches over time: evenly, at most so many a second, and not before the time of their data has come. A batch that
 * is late is not made up for.
 */
export class Pace {
  readonly #rate: Rate | undefined;
  /** 2 is twice as fast as the data was made; 0 as fast as possible. */
  readonly #speed: number;
  readonly #signal: AbortSignal;
  #next = 0;
  /** The moment and the time of the data that all others are counted from. */
  #start: { readonly at: number; readonly ms: number } | undefined;

  constructor(rate: Rate | undefined, speed: number, signal: AbortSignal) {
    this.#rate = rate;
    this.#speed = speed;
    this.#signal = signal;
  }

  /** The data start again, and so does their time. */
  restart(): void {
    this.#start = undefined;
  }

  /**
   * Resolves when the next batch may go. Signals and timers always get their turn.
   *
   * @param rows of the batch.
   * @param ms the time of its data in milliseconds; undefined when it has none: it goes at once.
   */
  async turn(rows: number, ms?: number): Promise<void> {
    const now = performance.now();
    let due = this.#next;
    if (ms !== undefined && this.#speed > 0) {
      this.#start ??= { at: Math.max(now, due), ms };
      due = Math.max(due, this.#start.at + (ms - this.#start.ms) / this.#speed);
    }
    await sleepUntil(due, this.#signal);
    const amount = this.#rate?.unit === 'rows' ? rows : 1;
    this.#next = Math.max(due, now) + (this.#rate === undefined ? 0 : (amount * 1000) / this.#rate.perSecond);
  }
}
