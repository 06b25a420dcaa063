// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { PutResult } from './backend.js';

/** What became of the puts and deletions of a publisher or a session: `puts = done + dropped + failed + pending`. */
export interface PutStats {
  readonly puts: number;
  /** zenoh took the message. */
  readonly done: number;
  /** zenoh is known to have dropped the message for at least one peer. */
  readonly dropped: number;
  /** The promise was rejected. */
  readonly failed: number;
  /** Still on their way. */
  readonly pending: number;
}

/** Counts for a publisher, and for its session as well. */
export class PutCounter {
  readonly #session: PutCounter | undefined;
  #puts = 0;
  #dropped = 0;
  #failed = 0;
  #pending = 0;

  constructor(session?: PutCounter) {
    this.#session = session;
  }

  begin(): void {
    this.#puts++;
    this.#pending++;
    this.#session?.begin();
  }

  end(result: PutResult | 'failed'): void {
    this.#pending--;
    if (result === 'dropped') this.#dropped++;
    else if (result === 'failed') this.#failed++;
    this.#session?.end(result);
  }

  stats(): PutStats {
    const [puts, dropped, failed, pending] = [this.#puts, this.#dropped, this.#failed, this.#pending];
    return { puts, done: puts - dropped - failed - pending, dropped, failed, pending };
  }
}
