// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import type { Message } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import { multiSegmentArena, type Segment } from '../stock.js';

type State = Message['_capnp'];

/**
 * What capnp-es keeps about a message (`_capnp`), with a budget that is charged for every byte that pointers lead to.
 *
 * capnp-es itself takes 8 from `traversalLimit` for each pointer object it makes, over the whole life of the message,
 * whatever the pointer leads to. Here the budget takes its place, and starts anew at each `getRoot`, so that a message
 * which is kept and read often stays readable. (Only a capnp-es that was not taught still takes 8.)
 */
export class ReadState implements State {
  readonly arena: State['arena'] = multiSegmentArena([]);
  readonly segments: Segment[] = [];
  readonly payload: ZBytes;
  readonly #budget: number;
  #left: number;

  constructor(payload: ZBytes, budget: number) {
    this.payload = payload;
    this.#budget = budget;
    this.#left = budget;
  }

  /** More than nothing, even at the end, or capnp-es would throw an error of its own. */
  get traversalLimit(): number {
    return Math.max(this.#left, 1);
  }

  set traversalLimit(left: number) {
    if (left < this.traversalLimit) this.charge(this.traversalLimit - left);
  }

  /** Charges what a pointer leads to: `bytes`, and a word at least, for following it is not free. */
  charge(bytes: number): void {
    this.#left -= Math.max(bytes, 8);
    if (this.#left >= 0) return;
    // The next call shall fail as well, however small.
    this.#left = 0;
    throw new CapnpPayloadError(
      'CAPNP_LIMIT',
      `more than ${this.#budget} bytes were traversed since getRoot; call it again, or raise traversalBytes`,
    );
  }

  /** Starts a new traversal. */
  restart(): void {
    this.#left = this.#budget;
  }
}
