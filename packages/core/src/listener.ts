// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendListener, Hear } from './backend.js';
import type { Handler } from './channels.js';
import { CoreError } from './errors.js';
import { EventQueue, type EventStats } from './event-queue.js';
import { planReader, type Reader } from './reader.js';
import { Receiving } from './receiving.js';

/** Options of every listener. */
export interface ListenerOptions<T> {
  /**
   * A callback, or a channel to read from; a `FifoChannel` of 256 unless given. zenoh never waits for an event to be read:
   * a full `FifoChannel` loses the newest, a full `RingChannel` the oldest, and `stats()` counts them. Only the capacity
   * of a channel bounds it, not its bytes.
   */
  handler?: Handler<T> | undefined;
}

/** What ends a listener besides its user, and what is done at its end. */
export interface ListenerLife {
  readonly owners: readonly Set<AsyncDisposable>[];
  readonly onEnd?: () => void;
}

interface ListenerParts<T> extends ListenerLife {
  readonly reader: Reader<T>;
  readonly queue: EventQueue<T>;
  readonly starting: Promise<BackendListener>;
}

/** Whether a listener has ended; for the function below alone. */
let hasEnded: (listener: Listener<unknown>) => boolean;

/**
 * Hears events until it is undeclared. It keeps the process alive until then (see `unref`). With a channel,
 * `for await (const event of listener)` reads it, and leaving the loop undeclares.
 */
export abstract class Listener<T> extends Receiving<T> {
  readonly #parts: ListenerParts<T>;
  #undeclaring: Promise<void> | undefined;

  constructor(parts: ListenerParts<T>) {
    super(parts.reader);
    this.#parts = parts;
  }

  /** Counters of the events; `lost` tells whether some are missing. */
  stats(): EventStats {
    return this.#parts.queue.stats(this.#parts.reader.discarded);
  }

  /** Lets the process exit although this is declared. */
  unref(): this {
    void this.#parts.starting.then((listener) => listener.keepAlive(false));
    return this;
  }

  /** Undoes `unref`. */
  ref(): this {
    void this.#parts.starting.then((listener) => listener.keepAlive(true));
    return this;
  }

  /** Stops listening; what is queued is lost. Idempotent. */
  undeclare(): Promise<void> {
    this.#undeclaring ??= this.#undeclare();
    return this.#undeclaring;
  }

  async #undeclare(): Promise<void> {
    const { reader, queue, starting, owners, onEnd } = this.#parts;
    reader.end();
    queue.end();
    for (const owner of owners) owner.delete(this);
    onEnd?.();
    // Why it did not start is told to whoever declared it.
    const listener = await starting.catch(() => undefined);
    await listener?.undeclare();
  }

  static {
    hasEnded = (listener) => listener.#undeclaring !== undefined;
  }
}

/** Declares a listener, and makes it end with its owners: they may end it before its declaration is through. */
export async function declareListener<T, L extends Listener<T>>(
  Kind: new (parts: ListenerParts<T>) => L,
  options: ListenerOptions<T>,
  start: (hear: Hear<T>) => Promise<BackendListener>,
  life: ListenerLife,
): Promise<L> {
  const { reader, bounds } = planReader<T>({ handler: options.handler });
  const queue = new EventQueue<T>(bounds, () => reader.onReady());
  reader.attach(queue);
  const starting = start((event, lost) => queue.push(event, lost));
  const listener = new Kind({ ...life, reader, queue, starting });
  for (const owner of life.owners) owner.add(listener);
  try {
    await starting;
  } catch (error) {
    for (const owner of life.owners) owner.delete(listener);
    throw error;
  }
  if (hasEnded(listener)) throw new CoreError('SESSION_CLOSED', 'this listener ended while it was being declared');
  return listener;
}
