// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Message } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import type { Segment } from '../stock.js';

type State = Message['_capnp'];

/**
 * What capnp-es keeps about a message (`_capnp`), with a budget that a reader is charged for what it traverses.
 *
 * capnp-es takes 8 from `traversalLimit` for each pointer object it makes, over the whole life of the message: a message
 * that is kept and read often would stop being readable. Here each `getRoot` starts a new budget.
 */
export class ReadState implements State {
  readonly arena: State['arena'];
  segments: Segment[];
  readonly #budget: number;
  #left: number;

  constructor(arena: State['arena'], segments: Segment[], budget: number) {
    this.arena = arena;
    this.segments = segments;
    this.#budget = budget;
    this.#left = budget;
  }

  get traversalLimit(): number {
    return this.#left;
  }

  set traversalLimit(left: number) {
    if (left <= 0) {
      throw new CapnpPayloadError(
        'CAPNP_LIMIT',
        `more than ${this.#budget} bytes were traversed since getRoot; call it again, or raise traversalBytes`,
      );
    }
    this.#left = left;
  }

  /** Starts a new traversal. */
  restart(): void {
    this.#left = this.#budget;
  }
}
