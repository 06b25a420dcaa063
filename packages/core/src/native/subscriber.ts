// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendSubscriber, SubscriberStats, Taken } from '../backend.js';
import type { Ledger } from '../zbytes/ledger.js';
import type { SubscriberHandle } from './addon.js';
import { eventLoop } from './event-loop.js';
import { addon, call } from './load.js';
import { readBatch } from './sample-batch.js';

/** One crossing of the border stops after this many bytes: views of a long queue would pin all of it at once. */
const BATCH_BYTES = 64 * 1024 * 1024;

export class NativeSubscriber implements BackendSubscriber {
  readonly #handle: SubscriberHandle;
  readonly #id: number;
  readonly #ledger: Ledger;
  #alive = true;
  #undeclaring: Promise<void> | undefined;

  constructor(handle: SubscriberHandle, ledger: Ledger, onReady: () => void) {
    this.#handle = handle;
    this.#id = addon().subscriberId(handle);
    this.#ledger = ledger;
    eventLoop().onReady(this.#id, onReady);
    eventLoop().stay();
  }

  take(count: number): Taken {
    const raw = call((native) => native.subscriberTake(this.#handle, count, BATCH_BYTES));
    return { samples: readBatch(raw, this.#ledger), more: raw[5], failed: raw[6] };
  }

  stats(): SubscriberStats {
    const counters = addon().subscriberCounters(this.#handle);
    return {
      received: counters.received,
      delivered: counters.delivered,
      dropped: {
        oldest: counters.droppedOldest,
        newest: counters.droppedNewest,
        deadlock: counters.droppedDeadlock,
        closed: counters.droppedClosed,
      },
      queued: counters.depth,
      queuedBytes: counters.bytes,
      highWater: counters.highWater,
      carried: counters.carried,
      small: counters.small,
    };
  }

  keepAlive(alive: boolean): void {
    if (alive === this.#alive || this.#undeclaring !== undefined) return;
    this.#alive = alive;
    if (alive) eventLoop().stay();
    else eventLoop().leave();
  }

  undeclare(): Promise<void> {
    if (this.#undeclaring === undefined) {
      this.keepAlive(false);
      eventLoop().offReady(this.#id);
      this.#undeclaring = eventLoop().operation<void>(() => addon().subscriberUndeclare(this.#handle));
    }
    return this.#undeclaring;
  }
}
