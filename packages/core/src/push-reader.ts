// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendSubscriber } from './backend.js';
import type { Callback, Drop } from './channels.js';
import { CoreError } from './errors.js';
import type { Sample } from './sample.js';
import type { Reader } from './subscriber.js';

/** Callbacks run in one go before timers and sockets get their turn. */
const BURST = 256;

/** Calls a callback for every sample, on the event loop, never inside a put. */
export class PushReader implements Reader {
  readonly receiver = undefined;
  readonly #callback: Callback<Sample>;
  #drop: Drop | undefined;
  #source: BackendSubscriber | undefined;
  #ended = false;
  #scheduled = false;

  constructor(callback: Callback<Sample>, drop: Drop | undefined) {
    this.#callback = callback;
    this.#drop = drop;
  }

  attach(source: BackendSubscriber): void {
    this.#source = source;
  }

  onReady(): void {
    this.#scheduled = false;
    if (this.#ended || this.#source === undefined) return;
    const { samples, more, failed } = this.#source.take(BURST);
    for (const sample of samples) {
      // Undeclared by a callback of this very batch: the rest is not wanted any more.
      if (this.#ended) return;
      invoke(() => this.#callback(sample));
    }
    if (more) this.#again();
    else if (failed) this.#fail();
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
    setImmediate(() => this.onReady());
  }

  #fail(): void {
    this.end();
    invoke(() => {
      throw new CoreError('OVERFLOW', 'the subscriber was slower than its bounds allow, and its policy is to fail');
    });
  }
}

/** A callback that throws is reported as an uncaught exception, once, and stops nothing else. */
function invoke(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
