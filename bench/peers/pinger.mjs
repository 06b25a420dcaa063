// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { setTimeout } from 'node:timers/promises';
import { say, serve, total } from './commands.mjs';

/**
 * Sends messages and takes the time until each has come back. They come back in the order in which they went.
 */
export class Pinger {
  #way;
  /** When each of those on their way was sent, in ms. @type {number[]} */
  #sent = [];
  #oldest = 0;
  /** Nanoseconds. @type {number[]} */
  #samples = [];
  #count = 0;
  /** Called for each that came back. */
  #next = () => {};

  /**
   * @param {object} way
   * @param {() => unknown} way.probe sends a single byte
   * @param {(number: number) => unknown} way.send sends one message
   * @param {number} way.size bytes that must come back
   * @param {boolean} way.shm whether it must have come by shared memory
   */
  constructor(way) {
    this.#way = way;
  }

  /** @param {number} length @param {boolean} [isShm] */
  returned(length, isShm = false) {
    const now = performance.now();
    if (length === 1) {
      say('probed');
      return;
    }
    if (length !== this.#way.size || isShm !== this.#way.shm) {
      throw new Error(`${length} bytes came back, shared memory: ${isShm}`);
    }
    this.#count++;
    this.#samples.push(Math.round((now - /** @type {number} */ (this.#sent[this.#oldest++])) * 1e6));
    this.#next();
  }

  /** The protocol, until `quit`. */
  async serve() {
    await serve({
      probe: this.#way.probe,
      ping: (count) => this.#run(count, () => this.#oneByOne(count)),
      load: (count, rate) => this.#run(count, () => this.#paced(count, rate)),
    });
    total({ count: this.#count });
  }

  /** @param {number} count @param {() => unknown} start */
  async #run(count, start) {
    this.#sent = [];
    this.#oldest = 0;
    this.#samples = [];
    const all = new Promise((resolve) => {
      this.#next = () => {
        if (this.#samples.length === count) resolve(undefined);
      };
    });
    await start();
    await all;
    say(`samples ${JSON.stringify(this.#samples)}`);
  }

  #send() {
    this.#sent.push(performance.now());
    return this.#way.send(this.#sent.length);
  }

  /** One on its way at a time, each sent by who received the one before. @param {number} count */
  #oneByOne(count) {
    const ended = this.#next;
    this.#next = () => {
      if (this.#sent.length < count) this.#send();
      else ended();
    };
    this.#send();
  }

  /** So many a second, whether or not those before have come back. @param {number} count @param {number} rate */
  async #paced(count, rate) {
    const begun = performance.now();
    for (;;) {
      const due = Math.min(count, 1 + Math.floor(((performance.now() - begun) / 1000) * rate));
      while (this.#sent.length < due) this.#send();
      if (due === count) return;
      await setTimeout(Math.max(1, begun + (due / rate) * 1000 - performance.now()));
    }
  }
}
