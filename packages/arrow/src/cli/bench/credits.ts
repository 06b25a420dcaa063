// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Bytes under way that keep any link busy, and are read in no time. */
const WINDOW_BYTES = 64 * 2 ** 20;
const LEAST = 4;
const MOST = 1024;

/**
 * Tables that may be under way, sent and not opened yet. Without a bound they pile up where a receiver is slower than the
 * link: descriptors of shared memory are so small that seconds of work fit into the buffers between.
 *
 * @param opened that the receiver looks at each byte, or gets it over the network
 */
export function windowOf(bytes: number, opened: boolean): number {
  return opened ? Math.min(MOST, Math.max(LEAST, Math.floor(WINDOW_BYTES / bytes))) : MOST;
}

/** What a sender may send before the receiver has opened more. */
export class Credits {
  readonly #window: number;
  #sent = 0;
  #opened = 0;
  #more: () => void = () => {};

  constructor(window: number) {
    this.#window = window;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Takes a credit for one table, if there is one. */
  take(): boolean {
    if (this.#sent - this.#opened >= this.#window) return false;
    this.#sent++;
    return true;
  }

  /** The receiver says how many it has opened. */
  opened(tables: number): void {
    this.#opened = Math.max(this.#opened, tables);
    this.#more();
  }

  /** Waits until the receiver opened more, for so many milliseconds at most. @returns whether it did */
  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    const before = this.#opened;
    let late: NodeJS.Timeout | undefined;
    let stop = () => {};
    await new Promise<void>((resolve) => {
      stop = resolve;
      this.#more = resolve;
      late = setTimeout(resolve, ms);
      signal.addEventListener('abort', resolve as () => void);
      if (signal.aborted) resolve();
    });
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
    return this.#opened > before;
  }
}
