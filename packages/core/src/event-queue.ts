// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { QueueBounds, Source, Taken } from './backend.js';

/** Exact accounting of a listener: `received = delivered + queued + lost`. */
export interface EventStats {
  readonly received: number;
  readonly delivered: number;
  /** Events that nobody was given: the handler had no room, the event loop was too busy, or the end came first. */
  readonly lost: number;
  /** Events queued now. */
  readonly queued: number;
}

/**
 * The events of one listener on their way to its reader. zenoh never waits for the reader of an event, so a full queue
 * loses one: the oldest by the policy `drop-oldest`, otherwise the newest.
 */
export class EventQueue<T> implements Source<T> {
  readonly #capacity: number;
  readonly #dropsOldest: boolean;
  readonly #onReady: () => void;
  #queue: T[] = [];
  #received = 0;
  #delivered = 0;
  #ended = false;

  constructor({ count, policy }: QueueBounds, onReady: () => void) {
    this.#capacity = count;
    this.#dropsOldest = policy === 'drop-oldest';
    this.#onReady = onReady;
  }

  /** @param lost events that did not get here since the one before */
  push(event: T, lost: number): void {
    if (this.#ended) return;
    this.#received += 1 + lost;
    const full = this.#queue.length === this.#capacity;
    if (full && !this.#dropsOldest) return;
    if (full) this.#queue.shift();
    this.#queue.push(event);
    if (this.#queue.length === 1) this.#onReady();
  }

  take(count: number): Taken<T> {
    const items = this.#queue.splice(0, count);
    this.#delivered += items.length;
    return { items, more: this.#queue.length > 0, finished: false };
  }

  /** What is queued is lost. */
  end(): void {
    this.#ended = true;
    this.#queue = [];
  }

  /** @param discarded how many were taken but not given to anyone */
  stats(discarded: number): EventStats {
    const [received, queued, delivered] = [this.#received, this.#queue.length, this.#delivered - discarded];
    return { received, delivered, lost: received - delivered - queued, queued };
  }
}
