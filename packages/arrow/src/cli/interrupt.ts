// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { EXIT } from './exit-code.js';

const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

/** One Ctrl-C can come twice: from the terminal, and passed on by npx or timeout. */
const SAME_MS = 250;

/** How long who reads standard error has for the last lines. */
const LAST_LINES_MS = 1000;

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

  /**
   * After a signal: ends the process once the last lines are written, whatever holds it still, such as a write that nobody
   * reads or a connection that is being made.
   */
  async end(): Promise<void> {
    let late: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      late = setTimeout(resolve, LAST_LINES_MS);
      process.stderr.write('', () => resolve());
    });
    clearTimeout(late);
    this.#exit(this.#exitCode);
  }

  /** Node waits for its threads even then, and one may be stuck in the system: from here on a signal is the system's. */
  #exit(code: number | undefined): void {
    for (const signal of Object.keys(SIGNALS)) process.removeAllListeners(signal);
    process.exit(code);
  }

  #on(code: number): void {
    const now = performance.now();
    if (this.#exitCode === undefined) {
      this.#exitCode = code;
      this.#at = now;
      this.#controller.abort();
    } else if (now - this.#at > SAME_MS) {
      this.#exit(code);
    }
  }
}
