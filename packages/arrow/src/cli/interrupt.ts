// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { EXIT } from './exit-code.js';

const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/** One Ctrl-C can come twice: from the terminal, and passed on by npx or timeout. */
const SAME_MS = 250;

/** Ctrl-C and SIGTERM: the first asks for a clean end, the second ends the process at once. */
export class Interrupt {
  readonly #controller = new AbortController();
  #at = 0;
  #exitCode: number | undefined;

  constructor() {
    for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => this.#on(code));
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What the process ends with after a signal; undefined before. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  #on(code: number): void {
    const now = performance.now();
    if (this.#exitCode === undefined) {
      this.#exitCode = code;
      this.#at = now;
      this.#controller.abort();
    } else if (now - this.#at > SAME_MS) {
      process.exit(code);
    }
  }
}
