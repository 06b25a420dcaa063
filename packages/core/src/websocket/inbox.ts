// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendInbox, InboxPlan, QueueBounds, QueueStats, Taken } from '../backend.js';
import { CoreError } from '../errors.js';
import { overflow } from '../overflow.js';
import { noEntityId } from './unsupported.js';

const POLICIES: readonly string[] = ['block', 'drop-oldest', 'drop-newest', 'error'];
/** What an item counts at least besides its bytes, as in the native queues. */
const ITEM_BYTES = 256;

/** Empty places at the start of a queue before it is moved. */
const MOST_LEFT_BEHIND = 1024;

/** How an inbox ends what fills it, and what it does with what nobody will take. */
export interface InboxEnds<T> {
  readonly undeclare: () => Promise<void>;
  readonly discard?: ((value: T) => void) | undefined;
}

/**
 * The queue of a subscriber, a queryable or a get. The protocol can not make a server wait, so the policy `block` lets the
 * queue grow beyond its count, up to its bytes, and then drops the newest.
 */
export class RemoteInbox<T> implements BackendInbox<T> {
  readonly #bounds: QueueBounds;
  readonly #onReady: () => void;
  readonly #ends: InboxEnds<T>;
  /** What is queued, and what each counts in bytes. */
  #values: (T | undefined)[] = [];
  #sizes: number[] = [];
  /** Where the queue starts: shifting a long array costs its length. */
  #first = 0;
  #bytes = 0;
  /** Nobody knows that something is queued. */
  #armed = true;
  #failure: CoreError | undefined;
  #finished = false;
  #undeclaring: Promise<void> | undefined;
  readonly #counts = { received: 0, delivered: 0, oldest: 0, newest: 0, closed: 0, highWater: 0, carried: 0 };
  asked: Promise<unknown> | undefined;

  constructor(plan: InboxPlan, ends: InboxEnds<T>) {
    const { policy } = plan.bounds;
    if (!POLICIES.includes(policy)) throw new CoreError('INVALID_ARGUMENT', `${policy} is no overflow policy`);
    this.#bounds = plan.bounds;
    this.#onReady = plan.onReady;
    this.#ends = ends;
  }

  get entityId(): string {
    throw noEntityId();
  }

  get #length(): number {
    return this.#values.length - this.#first;
  }

  /**
   * @param size bytes of the payload and the attachment
   * @param message bytes of the whole message, which the value keeps: a long key or parameters count too
   */
  push(value: T, size: number, message: number): void {
    const counts = this.#counts;
    counts.received++;
    if (this.#undeclaring !== undefined || this.#finished) {
      counts.closed++;
      this.#ends.discard?.(value);
      return;
    }
    const bytes = Math.max(size + ITEM_BYTES, message);
    if (!this.#makeRoom(bytes)) {
      counts.newest++;
      this.#ends.discard?.(value);
      return;
    }
    counts.carried += size;
    this.#values.push(value);
    this.#sizes.push(bytes);
    this.#bytes += bytes;
    if (this.#length > counts.highWater) counts.highWater = this.#length;
    this.#wake();
  }

  /** Nothing more will come. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#wake();
  }

  fail(error: CoreError): void {
    if (this.#finished) return;
    this.#failure = error;
    this.finish();
  }

  take(count: number): Taken<T> {
    const length = Math.min(count, this.#length);
    const items = this.#values.slice(this.#first, this.#first + length) as T[];
    for (let i = 0; i < length; i++) this.#leave();
    this.#counts.delivered += length;
    const more = this.#length > 0;
    this.#armed = !more;
    return { items, more, failure: this.#failure, finished: this.#finished };
  }

  stats(): QueueStats {
    const { received, delivered, oldest, newest, closed, highWater, carried } = this.#counts;
    const dropped = { oldest, newest, deadlock: 0, closed };
    const [queued, queuedBytes] = [this.#length, this.#bytes];
    return { received, delivered, dropped, waiting: 0, queued, queuedBytes, highWater, carried, small: 0 };
  }

  /** A WebSocket keeps its process alive as long as it is open, and browsers have no processes: nothing to do. */
  keepAlive(): void {}

  undeclare(): Promise<void> {
    this.#undeclaring ??= this.#undeclare();
    return this.#undeclaring;
  }

  #undeclare(): Promise<void> {
    const rest = this.#values.slice(this.#first) as T[];
    while (this.#length > 0) this.#leave();
    this.#counts.closed += rest.length;
    for (const value of rest) this.#ends.discard?.(value);
    return this.#ends.undeclare();
  }

  /** Whether there is room for `bytes` now. One larger than the bound still fits alone. */
  #makeRoom(bytes: number): boolean {
    const { policy } = this.#bounds;
    if (this.#fits(bytes)) return true;
    if (policy === 'error') {
      this.fail(overflow());
      return false;
    }
    if (policy !== 'drop-oldest') return false;
    while (!this.#fits(bytes)) {
      const oldest = this.#values[this.#first] as T;
      this.#leave();
      this.#counts.oldest++;
      this.#ends.discard?.(oldest);
    }
    return true;
  }

  /** The oldest leaves the queue. */
  #leave(): void {
    this.#bytes -= this.#sizes[this.#first] as number;
    this.#values[this.#first++] = undefined;
    if (this.#first === this.#values.length) {
      this.#values = [];
      this.#sizes = [];
      this.#first = 0;
    } else if (this.#first > MOST_LEFT_BEHIND) {
      this.#values = this.#values.slice(this.#first);
      this.#sizes = this.#sizes.slice(this.#first);
      this.#first = 0;
    }
  }

  #fits(bytes: number): boolean {
    if (this.#length === 0) return true;
    const { count, policy } = this.#bounds;
    return (policy === 'block' || this.#length < count) && this.#bytes + bytes <= this.#bounds.bytes;
  }

  #wake(): void {
    if (!this.#armed) return;
    this.#armed = false;
    this.#onReady();
  }
}
