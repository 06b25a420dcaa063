// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ChannelReceiver } from './channels.js';
import { CoreError } from './errors.js';
import type { Reader } from './reader.js';
import { streamOf } from './streams.js';

/** What gives values to a handler until it ends: subscribers, queryables, and listeners of every kind. */
export abstract class Receiving<T> implements AsyncDisposable {
  readonly #reader: Reader<T>;

  constructor(reader: Reader<T>) {
    this.#reader = reader;
  }

  /** The channel to read from; undefined for a callback. */
  receiver(): ChannelReceiver<T> | undefined {
    return this.#reader.receiver;
  }

  /**
   * A web stream of what is received: each value is taken when it is asked for, cancelling undeclares. Node streams take it
   * too: `Readable.fromWeb(subscriber.readable(), { objectMode: true })`, or `Readable.from(subscriber)`.
   *
   * @throws {CoreError} `INVALID_ARGUMENT` when there is a callback instead of a channel
   */
  readable(): ReadableStream<T> {
    return streamOf(this.#channel(), () => this.undeclare());
  }

  /** Stops receiving. Idempotent. */
  abstract undeclare(): Promise<void>;

  [Symbol.asyncDispose](): Promise<void> {
    return this.undeclare();
  }

  /** Leaving the loop undeclares. @throws {CoreError} `INVALID_ARGUMENT` when there is a callback instead of a channel */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<T> {
    const receiver = this.#channel();
    try {
      yield* receiver;
    } finally {
      await this.undeclare();
    }
  }

  #channel(): ChannelReceiver<T> {
    const receiver = this.receiver();
    if (receiver !== undefined) return receiver;
    throw new CoreError('INVALID_ARGUMENT', 'there is a callback, so there is no channel to read from');
  }
}

/** Ends whatever a session or a publisher still owns. */
export async function endAll(owned: Iterable<AsyncDisposable>): Promise<void> {
  await Promise.all([...owned].map((one) => one[Symbol.asyncDispose]()));
}
