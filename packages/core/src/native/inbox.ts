// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendInbox, InboxPlan, QueueBounds, QueueStats, Taken } from '../backend.js';
import { CoreError } from '../errors.js';
import { overflow } from '../overflow.js';
import type { Ledger } from '../zbytes/ledger.js';
import type { InboxHandle, QueueArguments } from './addon.js';
import { eventLoop } from './event-loop.js';
import { addon, call } from './load.js';
import type { Puts } from './puts.js';
import { readBatch } from './read-batch.js';

/**
 * One crossing of the border stops after this many bytes: views of a long queue would pin all of it at once. Well below the
 * 64 MiB of ArrayBuffers after which V8 begins to mark the whole heap, even for views that are disposed at once.
 */
const BATCH_BYTES = 16 * 1024 * 1024;

const POLICIES = { block: 0, 'drop-oldest': 1, 'drop-newest': 2, error: 3 } as const;

/** The bounds as the addon takes them. @throws {CoreError} `INVALID_ARGUMENT` */
export function queueArguments({ count, bytes, policy }: QueueBounds): QueueArguments {
  if (!(policy in POLICIES)) throw new CoreError('INVALID_ARGUMENT', `${policy} is no overflow policy`);
  return [count, bytes, POLICIES[policy]];
}

/** What T is depends on what fills the inbox: a subscriber's holds samples, a get's replies, a queryable's queries. */
export class NativeInbox<T> implements BackendInbox<T> {
  readonly #handle: InboxHandle;
  readonly #id: number;
  readonly #ledger: Ledger;
  readonly #puts: Puts | undefined;
  #alive = true;
  #undeclaring: Promise<void> | undefined;

  readonly asked: Promise<unknown> | undefined;

  /**
   * @param more the way of the replies, for an inbox of queries; the end of the asking, for one of replies
   */
  constructor(handle: InboxHandle, plan: InboxPlan, { puts, asked }: { puts?: Puts; asked?: Promise<unknown> } = {}) {
    this.#puts = puts;
    this.asked = asked;
    this.#handle = handle;
    this.#id = addon().inboxId(handle);
    this.#ledger = plan.ledger;
    eventLoop().onReady(this.#id, () => {
      // A get that has its last reply is no reason to stay, whether or not somebody reads it.
      if (addon().inboxFinished(handle)) this.keepAlive(false);
      plan.onReady();
    });
    eventLoop().stay();
  }

  get entityId(): string | undefined {
    return addon().inboxEntityId(this.#handle) || undefined;
  }

  take(count: number): Taken<T> {
    const raw = call((native) => native.inboxTake(this.#handle, count, BATCH_BYTES));
    const [, , , , , , more, failed, finished] = raw;
    if (finished && !more) {
      eventLoop().offReady(this.#id);
      this.keepAlive(false);
    }
    return {
      items: readBatch(raw, this.#ledger, this.#puts) as T[],
      more,
      failure: failed ? overflow() : undefined,
      finished,
    };
  }

  stats(): QueueStats {
    const counters = addon().inboxCounters(this.#handle);
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
      waiting: counters.waiting,
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
      this.#undeclaring = eventLoop().operation<void>(() => addon().inboxUndeclare(this.#handle));
    }
    return this.#undeclaring;
  }
}
