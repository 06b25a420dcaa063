// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Config, PutResult } from '@zenoh-segments/core';
import { codeOf } from '../cli-error.js';
import { unlessHeldUp } from '../given-up.js';
import type { Reporter } from '../reporter.js';

const WAIT_KEY = 'transport/link/tx/queue/congestion_control/block/wait_before_close';

/**
 * zenoh closes the connection to a subscriber that holds a message up for too long: what is sent until it is back is lost
 * to it. Publishing goes on for the others.
 */
export class StallWatch {
  readonly #limitMs: number;
  readonly #reporter: Reporter;
  readonly #interrupt: AbortSignal;
  #stalled = false;
  #lost = 0;

  /** @param interrupt after it, a subscriber that holds a message up is given up. */
  constructor(config: Config, reporter: Reporter, interrupt: AbortSignal) {
    // zenoh counts it in microseconds.
    this.#limitMs = Number(config.getJson(WAIT_KEY)) / 1000;
    this.#reporter = reporter;
    this.#interrupt = interrupt;
  }

  /** How many messages zenoh is known to have dropped for a subscriber. */
  get lost(): number {
    return this.#lost;
  }

  /** @throws {GivenUp} */
  async put(put: () => Promise<PutResult>): Promise<void> {
    try {
      const result = await unlessHeldUp(
        put(),
        this.#interrupt,
        () => 'a message that a subscriber holds up; what was put before it may not have left either',
      );
      if (result === 'dropped') this.#lost++;
      this.#stalled = false;
    } catch (error) {
      if (codeOf(error) !== 'PUT_TIMEOUT') throw error;
      this.#lost++;
      // What follows until the link is gone is lost as well: the user hears of it once.
      if (this.#stalled) return;
      this.#stalled = true;
      this.#reporter.warn(
        'STALLED',
        `a subscriber held a message up for ${this.#limitMs / 1000} s and lost its connection, and messages with it ` +
          `(--cfg ${WAIT_KEY}:60000000 gives it 60 s)`,
      );
    }
  }
}
