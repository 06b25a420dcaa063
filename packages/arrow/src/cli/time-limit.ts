// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { after } from '../after.js';

/** What ends a verb: a signal of the user, or the time that `--duration` gives. */
export class TimeLimit implements Disposable {
  readonly #controller = new AbortController();
  #cancel: (() => void) | undefined;
  #passed = false;

  constructor(interrupt: AbortSignal) {
    if (interrupt.aborted) this.#controller.abort();
    interrupt.addEventListener('abort', () => this.#controller.abort(), { once: true });
  }

  /** @param seconds from now; without end unless given. */
  start(seconds: number | undefined): void {
    if (seconds === undefined) return;
    this.#cancel = after(seconds * 1000, () => {
      this.#passed = true;
      this.#controller.abort();
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it was the time that ended it. */
  get passed(): boolean {
    return this.#passed;
  }

  [Symbol.dispose](): void {
    this.#cancel?.();
  }
}
