// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendSubscriber, QueueBounds, SubscriberStats } from './backend.js';
import { type Callback, type ChannelReceiver, type Drop, FifoChannel, type Handler, RingChannel } from './channels.js';
import type { Locality } from './enums.js';
import { CoreError } from './errors.js';
import type { KeyExpr } from './key-expr.js';
import { PullReceiver } from './pull-receiver.js';
import { PushReader } from './push-reader.js';
import type { Sample } from './sample.js';
import type { Ledger } from './zbytes/ledger.js';

/** Options of `declareSubscriber`. */
export interface SubscriberOptions {
  /** Where samples may come from; anywhere unless given. */
  readonly allowedOrigin?: Locality | undefined;
  /** A callback, or a channel to read from; a `FifoChannel` of 256 unless given. */
  readonly handler?: Handler<Sample> | undefined;
  /**
   * The queue before a callback: 4096 samples and 64 MiB, `drop-oldest`, unless given. With `block`, a slow callback
   * holds zenoh's receiving thread, and with it everything else that comes over the same link. Channels carry their own.
   */
  readonly bounds?: Partial<QueueBounds> | undefined;
}

const CALLBACK_BOUNDS: QueueBounds = { count: 4096, bytes: 64 * 1024 * 1024, policy: 'drop-oldest' };
const DEFAULT_CAPACITY = 256;

/** How samples leave the queue: pushed to a callback, or pulled through a receiver. */
export interface Reader {
  /** The queue has samples after having had none. */
  onReady(): void;
  attach(source: BackendSubscriber): void;
  /** Nothing more will come. */
  end(): void;
  readonly receiver: ChannelReceiver<Sample> | undefined;
}

export interface ReaderPlan {
  readonly reader: Reader;
  readonly bounds: QueueBounds;
}

export function planReader(options: SubscriberOptions): ReaderPlan {
  const handler = options.handler ?? new FifoChannel<Sample>(DEFAULT_CAPACITY);
  if (handler instanceof FifoChannel || handler instanceof RingChannel) {
    const { capacity, maxBytes, policy } = handler;
    // A ring's reader wants the newest: nothing is taken out of the queue before it is asked for.
    const ahead = policy === 'block' ? Math.min(64, capacity) : 1;
    return { reader: new PullReceiver(ahead), bounds: { count: capacity, bytes: maxBytes, policy } };
  }
  const [callback, drop] = isPair(handler) ? handler : [handler, undefined];
  if (typeof callback !== 'function') {
    throw new CoreError('INVALID_ARGUMENT', 'a handler must be a callback, a [callback, drop] pair or a channel');
  }
  return { reader: new PushReader(callback, drop), bounds: { ...CALLBACK_BOUNDS, ...defined(options.bounds) } };
}

function isPair(handler: Handler<Sample>): handler is [Callback<Sample>, Drop] {
  return Array.isArray(handler);
}

function defined(bounds: Partial<QueueBounds> = {}): Partial<QueueBounds> {
  return Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined));
}

/**
 * A declared subscriber. It keeps the process alive until it is undeclared or its session is closed (see `unref`).
 *
 * With a channel, `for await (const sample of subscriber)` reads it.
 */
export class Subscriber implements AsyncDisposable {
  readonly #keyExpr: KeyExpr;
  readonly #backend: BackendSubscriber;
  readonly #reader: Reader;
  readonly #forget: () => void;
  /** Bytes carried and copied by everything this subscriber received. */
  readonly ledger: Ledger;

  constructor(keyExpr: KeyExpr, backend: BackendSubscriber, reader: Reader, ledger: Ledger, forget: () => void) {
    this.#keyExpr = keyExpr;
    this.#backend = backend;
    this.#reader = reader;
    this.#forget = forget;
    this.ledger = ledger;
  }

  keyExpr(): KeyExpr {
    return this.#keyExpr;
  }

  /** The channel to read from; undefined for a callback. */
  receiver(): ChannelReceiver<Sample> | undefined {
    return this.#reader.receiver;
  }

  /** Counters of the queue. */
  stats(): SubscriberStats {
    return this.#backend.stats();
  }

  /** Lets the process exit although this subscriber is declared. */
  unref(): this {
    this.#backend.keepAlive(false);
    return this;
  }

  /** Undoes `unref`. */
  ref(): this {
    this.#backend.keepAlive(true);
    return this;
  }

  /** Stops receiving; what is queued is dropped and counted. Idempotent. */
  async undeclare(): Promise<void> {
    this.#reader.end();
    this.#forget();
    await this.#backend.undeclare();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.undeclare();
  }

  /** Leaving the loop undeclares the subscriber. @throws {CoreError} `INVALID_ARGUMENT` for a subscriber with a callback */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<Sample> {
    const receiver = this.receiver();
    if (receiver === undefined) {
      throw new CoreError('INVALID_ARGUMENT', 'a subscriber with a callback has no channel to iterate');
    }
    try {
      yield* receiver;
    } finally {
      await this.undeclare();
    }
  }
}
