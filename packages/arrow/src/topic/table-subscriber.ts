// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  CoreError,
  type FifoChannel,
  type IntoKeyExpr,
  type Ledger,
  type RingChannel,
  type Sample,
  SampleKind,
  type Session,
  type Subscriber,
  type SubscriberOptions,
} from '@zenoh-segments/core';
import type { RecordBatch, Schema, StructRowProxy, Table, TypeMap } from 'apache-arrow';
import { loadCompression } from '../compression/load.js';
import type { ReadOptions } from '../decode/payload-reader.js';
import { ArrowPayloadError } from '../errors.js';
import { DeclaredSchema } from './declared-schema.js';
import { HeadBook } from './head-book.js';
import { Intake } from './intake.js';
import { checkPositive } from './positive.js';
import { type Opening, TableSample } from './table-sample.js';
import { checkWindow, gather, type TableWindow } from './window.js';

/** What getting the heads of bare batches may cost, which publishers in mode `schema-ref` send. */
export interface HeadOptions {
  /** Milliseconds until a head is given up; 2,000 unless given. */
  readonly timeout?: number | undefined;
  /** Bytes of one head; 16 MiB unless given. */
  readonly maxHeadBytes?: number | undefined;
  /** Heads kept, 64 unless given, and the bytes of all of them, 64 MiB unless given. One larger head is kept alone. */
  readonly maxHeads?: number | undefined;
  readonly maxBytes?: number | undefined;
  /** Samples that wait while heads are fetched, 1,024 unless given, and their bytes, 64 MiB unless given. */
  readonly maxWaiting?: number | undefined;
  readonly maxWaitingBytes?: number | undefined;
  /**
   * Milliseconds for which a sample whose head is under way holds back those behind it on its key, or of its source where
   * samples name it: 500 unless given. Later ones overtake it then, and for 10 s nothing is held back there, because
   * anyone can name heads that nobody has. `Infinity` keeps the order whatever it costs.
   */
  readonly holdBack?: number | undefined;
}

/** Options of {@link subscribeTable}. */
export interface SubscribeTableOptions<T extends TypeMap>
  extends Omit<SubscriberOptions, 'handler' | 'bounds'>,
    ReadOptions {
  /** The channel to read from; a `FifoChannel` of 256 unless given. */
  handler?: FifoChannel<Sample> | RingChannel<Sample> | undefined;
  /** What every sample must be of; anything unless given. Names, types and order of columns are compared, not metadata. */
  schema?: Schema<T> | undefined;
  /**
   * Takes what can't be opened, and the error that says why; it does not come to the reader then, so that no peer can end
   * his loop. Each sample is opened when it is taken out of the queue, unlike without this. The sample of
   * `ARROW_OVERFLOW` is the first of those given up, and was disposed.
   */
  onError?: ((error: ArrowPayloadError, sample: Sample) => void) | undefined;
  /** Takes deletions of keys, which do not come to the reader; they are passed over unless given. */
  onDelete?: ((sample: Sample) => void) | undefined;
  heads?: HeadOptions | undefined;
  /** Undeclares: loops end. */
  signal?: AbortSignal | undefined;
}

/**
 * A declared subscriber to tables, in whatever mode they are published. It is read by one of its loops, each of which
 * undeclares it when it is left, or by {@link toTable}.
 */
export class TableSubscriber<T extends TypeMap> implements AsyncDisposable {
  /** The subscriber of core: its key expression and counters; what it receives is read here. */
  readonly subscriber: Subscriber;
  readonly #options: SubscribeTableOptions<T>;
  readonly #opening: Opening<T>;
  readonly #heads: HeadBook;
  readonly #intake: Intake;
  /** Asked for by windows that ended before it came. */
  readonly #unclaimed: Promise<TableSample<T> | undefined>[] = [];
  readonly #onAbort = () => void this.undeclare();

  /** @internal */
  constructor(subscriber: Subscriber, opening: Opening<T>, heads: HeadBook, options: SubscribeTableOptions<T>) {
    const { maxWaiting = 1024, maxWaitingBytes = 64 * 2 ** 20, holdBack = 500 } = options.heads ?? {};
    const receiver = subscriber.receiver();
    if (receiver === undefined)
      throw new CoreError('INVALID_ARGUMENT', 'tables are read from a channel, not by a callback');
    this.subscriber = subscriber;
    this.#options = options;
    this.#opening = opening;
    this.#heads = heads;
    this.#intake = new Intake(receiver, heads, { maxWaiting, maxWaitingBytes, holdBack });
    options.signal?.addEventListener('abort', this.#onAbort);
  }

  /** Bytes carried and copied by everything received here; heads are counted in the session alone. */
  get ledger(): Ledger {
    return this.subscriber.ledger;
  }

  /** Sample by sample. @throws {CoreError} `OVERFLOW`, when the channel's policy is to fail */
  async *[Symbol.asyncIterator](): AsyncGenerator<TableSample<T>, void> {
    try {
      for (let item = await this.#claim(); item !== undefined; item = await this.#claim()) yield item;
    } finally {
      await this.undeclare();
    }
  }

  /**
   * Batch by batch. Their memory is given back when they are collected.
   *
   * @throws {ArrowPayloadError} as `TableSample.batches`, without `onError`
   */
  async *batches(): AsyncGenerator<RecordBatch<T>, void> {
    for await (const { batches } of this) yield* batches;
  }

  /** Row by row, as views of the batch. @throws as {@link batches} */
  async *rows(): AsyncGenerator<StructRowProxy<T>, void> {
    for await (const batch of this.batches()) yield* batch as Iterable<StructRowProxy<T>>;
  }

  /** A web stream of batches, each taken when it is asked for; cancelling undeclares. It errors where {@link batches} throws. */
  readable(): ReadableStream<RecordBatch<T>> {
    const batches = this.batches();
    return new ReadableStream<RecordBatch<T>>(
      {
        async pull(controller) {
          const { value, done } = await batches.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: () => this.undeclare(),
      },
      { highWaterMark: 0 },
    );
  }

  /**
   * The next samples as one table: so many batches (a sample may have several, and goes in whole), or what comes in so many milliseconds. It also ends, before, where
   * the columns change, at a sample that can't be opened (the next call then rejects with its error), and with the
   * subscription. Nothing is lost between two calls. When nothing came in time the table has no rows and
   * no columns, whatever came before.
   *
   * The table keeps the memory of all its samples; its `bytes` bound that.
   *
   * @throws {ArrowPayloadError} as `TableSample.batches`, without `onError`
   * @throws {CoreError} `RECEIVER_CLOSED` when nothing more will come, `INVALID_ARGUMENT`
   */
  async toTable(window: number | TableWindow): Promise<Table<T>> {
    return gather(checkWindow(window), {
      claim: () => this.#claim(),
      giveBack: (claimed) => void this.#unclaimed.unshift(claimed),
    });
  }

  /** Stops receiving; what waits is dropped. Idempotent. */
  undeclare(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#heads.end();
    this.#intake.end();
    return this.subscriber.undeclare();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.undeclare();
  }

  #claim(): Promise<TableSample<T> | undefined> {
    return this.#unclaimed.shift() ?? this.#take();
  }

  async #take(): Promise<TableSample<T> | undefined> {
    const { onError, onDelete } = this.#options;
    for (;;) {
      const arrival = await this.#intake.next();
      if (arrival === undefined) return undefined;
      const { sample } = arrival;
      if (sample.kind() === SampleKind.DELETE) {
        onDelete?.(sample);
        continue;
      }
      const item = new TableSample(arrival, this.#opening);
      if (onError === undefined) return item;
      try {
        // Opens it.
        void item.batches;
        return item;
      } catch (error) {
        if (!(error instanceof ArrowPayloadError)) throw error;
        onError(error, sample);
      }
    }
  }
}

/**
 * Subscribes to tables: to Arrow IPC streams, whoever publishes them, and to the bare batches of table publishers, whose
 * heads are fetched when one is met first.
 *
 * ```ts
 * for await (const { batches } of await subscribeTable(session, 'demo/table')) show(batches);
 * ```
 *
 * Without `onError`, what can't be opened throws where it is looked at: in `item.batches` of the loop over samples, and in
 * the loops over batches and rows, which end.
 *
 * @throws {CoreError} as `Session.declareSubscriber`; `CANCELLED` when `signal` was aborted before
 */
export async function subscribeTable<T extends TypeMap = TypeMap>(
  session: Session,
  key: IntoKeyExpr,
  options: SubscribeTableOptions<T> = {},
): Promise<TableSubscriber<T>> {
  const { signal, schema, limits, validate, heads: bounds = {}, onError, onDelete, ...plain } = options;
  if (signal?.aborted)
    throw new CoreError('CANCELLED', 'the subscription was cancelled before', { cause: signal.reason });
  checkPositive(bounds, 'heads');
  const reading: ReadOptions = { ...(limits && { limits }), ...(validate && { validate }) };
  const { timeout = 2000, maxHeadBytes = 16 * 2 ** 20, maxHeads = 64, maxBytes = 64 * 2 ** 20 } = bounds;
  const declared = schema && new DeclaredSchema(schema);
  const heads = new HeadBook(session, { timeout, maxHeadBytes, maxHeads, maxBytes }, reading);
  // Where it can't be loaded, a sample that needs it says so.
  await loadCompression().catch(() => {});
  const subscriber = await session.declareSubscriber(key, plain);
  return new TableSubscriber(subscriber, { ...reading, declared }, heads, options);
}
