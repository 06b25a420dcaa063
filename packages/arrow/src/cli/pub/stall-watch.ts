// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Config } from '@zenoh-segments/core';
import type { Reporter } from '../reporter.js';

const WAIT_KEY = 'transport/link/tx/queue/congestion_control/block/wait_before_close';

/**
 * zenoh closes the connection to a subscriber that holds a message up for too long, and tells nobody: what is sent until it
 * is back is lost. A put that takes that long is the only sign.
 */
export class StallWatch {
  readonly #limitMs: number;
  readonly #reporter: Reporter;

  constructor(config: Config, reporter: Reporter) {
    // zenoh counts it in microseconds.
    this.#limitMs = Number(config.getJson(WAIT_KEY)) / 1000;
    this.#reporter = reporter;
  }

  async put(put: () => Promise<void>): Promise<void> {
    const started = performance.now();
    await put();
    if (performance.now() - started < this.#limitMs) return;
    this.#reporter.warn(
      'STALLED',
      `a message was held up for ${this.#limitMs / 1000} s: a subscriber that stood still may have lost its connection and messages ` +
        `(--cfg ${WAIT_KEY}:60000000 gives it 60 s)`,
    );
  }
}
