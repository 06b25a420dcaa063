// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { setImmediate as turn } from 'node:timers/promises';
import { GivenUp } from '../given-up.js';
import { thousands } from '../units.js';

/** Characters, or bytes, of values written after a signal. What had come by then seldom is more, unless a stranger wants it. */
const AFTER_SIGNAL = 2 ** 27;

/** A signal came, and what had come is too much: the output stops between two rows, and is complete once it was ended. */
export class CutOff extends GivenUp {}

/** Bounds what is written after a signal: a dictionary lets a few bytes stand for any amount of text. */
export class Remainder {
  readonly #interrupt: AbortSignal;
  #left = AFTER_SIGNAL;

  constructor(interrupt: AbortSignal) {
    this.#interrupt = interrupt;
  }

  /**
   * Rows of a batch were written; signals get their turn. Called between two rows, where the output may end.
   *
   * @param amount characters, or bytes, that they came to.
   * @param done rows of the batch that are written.
   * @throws {CutOff} when the rest of the batch is given up.
   */
  async spend(amount: number, done: number, rows: number): Promise<void> {
    await turn();
    if (!this.#interrupt.aborted) return;
    this.#left -= amount;
    if (this.#left >= 0 || done === rows) return;
    throw new CutOff(`the rest of a batch, after ${thousands(done)} of its ${thousands(rows)} rows`);
  }
}
