// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';

/** Spreads batches over time: at most `rate` a second, evenly; a batch that comes late is not made up for. */
export class Pace {
  readonly #interval: number;
  readonly #signal: AbortSignal;
  #next = 0;

  constructor(rate: number | undefined, signal: AbortSignal) {
    this.#interval = rate === undefined ? 0 : 1000 / rate;
    this.#signal = signal;
  }

  /** Resolves when the next batch may go. Signals and timers always get their turn. */
  async turn(): Promise<void> {
    const now = performance.now();
    if (this.#next > now) await delay(this.#next - now, undefined, { signal: this.#signal });
    else await turn();
    this.#next = Math.max(this.#next, now) + this.#interval;
  }
}
