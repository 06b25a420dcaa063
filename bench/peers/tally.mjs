// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { say, serve, total } from './commands.mjs';

/** What a subscriber received, and the word to the harness when that is what it waits for. */
export class Tally {
  #goal = 0;
  count = 0;
  bytes = 0;
  shm = 0;

  /** @param {number} length @param {boolean} [isShm] */
  receive(length, isShm = false) {
    // One byte only: the harness asks whether the two have met.
    if (length === 1) {
      say('probed');
      return;
    }
    this.bytes += length;
    if (isShm) this.shm++;
    if (++this.count === this.#goal) say('done');
  }

  /** A subscriber's side of the protocol, until `quit`. @param {() => object} more what `total` tells besides */
  async serve(more) {
    await serve({
      expect: (count) => {
        this.#goal = this.count + count;
        say('armed');
      },
    });
    total({ count: this.count, bytes: this.bytes, shm: this.shm, ...more() });
  }
}
