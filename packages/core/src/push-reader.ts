// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Source } from './backend.js';
import type { Callback, Drop } from './channels.js';
import type { CoreError } from './errors.js';
import { later } from './later.js';
import type { Reader } from './reader.js';
import { report } from './report.js';

/** Callbacks run in one go before timers and sockets get their turn. */
const BURST = 256;

/** Makes a last value of a failure. */
export type LastWord<T> = (failure: CoreError) => T;

/** Calls a callback for every value, on the event loop, never inside a put. */
export class PushReader<T> implements Reader<T> {
  readonly receiver = undefined;
  discarded = 0;
  readonly #callback: Callback<T>;
  #drop: Drop | undefined;
  readonly #lastWord: LastWord<T> | undefined;
  #source: Source<T> | undefined;
  #ended = false;
  #scheduled = false;

  /** @param lastWord what a failure is told as; without it, an overflow is an uncaught exception */
  constructor(callback: Callback<T>, drop: Drop | undefined, lastWord: LastWord<T> | undefined) {
    this.#callback = callback;
    this.#drop = drop;
    this.#lastWord = lastWord;
  }

  attach(source: Source<T>): void {
    this.#source = source;
  }

  onReady(): void {
    this.#scheduled = false;
    if (this.#ended || this.#source === undefined) return;
    const { items, more, failure, finished } = this.#source.take(BURST);
    let called = 0;
    for (const item of items) {
      // Undeclared by a callback of this very batch: the rest is not wanted any more.
      if (this.#ended) {
        this.discarded += items.length - called;
        return;
      }
      called++;
      invoke(() => this.#callback(item));
    }
    if (more) this.#again();
    else if (failure !== undefined) this.#fail(failure);
    else if (finished) this.end();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const drop = this.#drop;
    this.#drop = undefined;
    if (drop !== undefined) invoke(drop);
  }

  #again(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    later(() => this.onReady());
  }

  #fail(failure: CoreError): void {
    if (this.#lastWord !== undefined) {
      const word = this.#lastWord(failure);
      invoke(() => this.#callback(word));
    } else if (failure.code === 'OVERFLOW') report(failure);
    // Any other failure is the connection's, which tells its listeners.
    this.end();
  }
}

/** A callback that throws is reported as an uncaught exception, once, and stops nothing else. */
function invoke(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    report(error);
  }
}
