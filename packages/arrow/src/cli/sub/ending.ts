// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Subscriber } from '@zenoh-segments/core';

/** How long a head of bare batches is waited for. */
export const HEAD_MS = 2000;
/** After so long without a sample nothing that had come is left: samples given up for want of heads are never taken. */
const QUIET_MS = HEAD_MS + 1000;

/**
 * When reading ends: after so many samples, or, once nothing more is wanted, when all that had come until then is taken.
 * Undeclaring drops what is queued, so it comes after that.
 */
export class Ending implements Disposable {
  readonly #stop: () => void;
  #last: number;
  #taken = 0;
  #busy = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param stop undeclares. */
  constructor(count: number, stop: () => void) {
    this.#last = count;
    this.#stop = stop;
  }

  /** Nothing more is wanted than what `subscriber` has received by now. */
  begin(subscriber: Subscriber): void {
    this.#last = Math.min(this.#last, subscriber.stats().received);
    this.#check();
    if (!this.reached) this.#watch();
  }

  /** A sample was taken. */
  took(): void {
    this.#taken++;
    this.#timer?.refresh();
    this.#check();
  }

  /** Whether samples being written are what is waited for. */
  set busy(busy: boolean) {
    this.#busy = busy;
    this.#timer?.refresh();
  }

  get reached(): boolean {
    return this.#taken >= this.#last;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #check(): void {
    if (this.reached) this.#stop();
  }

  #watch(): void {
    this.#timer = setTimeout(() => (this.#busy ? this.#timer?.refresh() : this.#stop()), QUIET_MS);
  }
}
