// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import type { BackendListener, Hear, PutResult } from '../backend.js';
import { report } from '../report.js';
import { payloadAccess, type ZBytes } from '../zbytes/zbytes.js';
import type { ListenerHandle, OperationId } from './addon.js';
import { addon, call, coreError } from './load.js';

/** A put whose segments local subscribers are given back, until native code lets go of it. */
export interface LocalPut {
  readonly payload: readonly Uint8Array[];
  readonly attachment: readonly Uint8Array[] | undefined;
  /** Payload and attachment as the sender holds them; told when the put is released. */
  readonly owners: readonly ZBytes[];
}

interface Waiter {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * This environment's end of the native mailbox: promises of running operations, readers of subscribers, local puts.
 *
 * The native side wakes the event loop once for any amount of mail. Only a reason to stay (a running operation, a
 * subscriber) keeps the process alive.
 */
class EventLoop {
  readonly #waiters = new Map<OperationId, Waiter>();
  readonly #readers = new Map<number, () => void>();
  readonly #localPuts = new Map<number, LocalPut>();
  readonly #listeners = new Map<OperationId, Hear<unknown>>();
  #reasons = 0;

  constructor() {
    call((native) => native.attach(() => this.#poll()));
  }

  /** The end of a native operation. The process stays alive until then. */
  operation<T>(start: () => OperationId): Promise<T> {
    return this.#wait(call(start));
  }

  /**
   * Declares a listener. `hear` gets each event as the native side wrote it, and how many were lost since the one before
   * because this loop did not keep up; it may throw. The listener keeps the process alive until `undeclare`.
   */
  async listen<E>(start: () => OperationId, hear: Hear<E>): Promise<BackendListener> {
    const id = call(start);
    // Before the answer: events may come in the same mail.
    this.#listeners.set(id, hear as Hear<unknown>);
    this.stay();
    let alive = true;
    const keepAlive = (wanted: boolean) => {
      if (wanted === alive || !this.#listeners.has(id)) return;
      alive = wanted;
      if (alive) this.stay();
      else this.leave();
    };
    const forget = () => {
      keepAlive(false);
      this.#listeners.delete(id);
    };
    try {
      const handle = await this.#wait<ListenerHandle>(id);
      const undeclare = () => {
        forget();
        return this.operation<void>(() => addon().listenerUndeclare(handle));
      };
      return { undeclare, keepAlive };
    } catch (error) {
      forget();
      throw error;
    }
  }

  /** The end of a put that goes on after its call. The process stays alive until then. */
  put(id: OperationId): Promise<PutResult> {
    return this.#wait<PutResult>(id);
  }

  #wait<T>(id: OperationId): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.stay();
      this.#waiters.set(id, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** `read` is called when the subscriber has samples after having had none. */
  onReady(subscriber: number, read: () => void): void {
    this.#readers.set(subscriber, read);
  }

  offReady(subscriber: number): void {
    this.#readers.delete(subscriber);
  }

  lend(id: number, put: LocalPut): void {
    this.#localPuts.set(id, put);
    for (const owner of put.owners) payloadAccess.hold(owner);
  }

  localPut(id: number): LocalPut | undefined {
    return this.#localPuts.get(id);
  }

  /** One more reason for the process to stay alive; pair it with `leave`. */
  stay(): void {
    if (this.#reasons++ === 0) addon().keepAlive(true);
  }

  leave(): void {
    if (--this.#reasons === 0) addon().keepAlive(false);
  }

  /** Must not throw: nobody native could report it. */
  #poll(): void {
    try {
      const [completions, ready, released, events, puts] = addon().poll();
      for (let i = 0; i < completions.length; i += 3) {
        this.#complete(completions[i] as OperationId, completions[i + 1] as boolean, completions[i + 2]);
      }
      for (let i = 0; i < puts.length; i += 3) {
        this.#putEnded(puts[i] as OperationId, puts[i + 1] as boolean, puts[i + 2]);
      }
      for (const id of ready) guarded(() => this.#readers.get(id)?.());
      for (const id of released) guarded(() => this.#release(id));
      for (let i = 0; i < events.length; i += 3) {
        this.#tell(events[i] as OperationId, events[i + 1] as number, events[i + 2] as string);
      }
    } catch (error) {
      report(error);
    }
    // What came while callbacks ran waits for its turn, like everything else on the loop.
    if (addon().rest()) setImmediate(() => this.#poll());
  }

  #putEnded(id: OperationId, dropped: boolean, error: unknown): void {
    this.#complete(id, error !== undefined, error ?? (dropped ? 'dropped' : 'done'));
  }

  #complete(id: OperationId, failed: boolean, value: unknown): void {
    const waiter = this.#waiters.get(id);
    if (waiter === undefined) return;
    this.#waiters.delete(id);
    this.leave();
    if (failed) waiter.reject(coreError(value));
    else waiter.resolve(value);
  }

  /** What one listener throws must not keep the next from hearing. */
  #tell(id: OperationId, lost: number, text: string): void {
    guarded(() => this.#listeners.get(id)?.(JSON.parse(text), lost));
  }

  #release(id: number): void {
    const owners = this.#localPuts.get(id)?.owners ?? [];
    this.#localPuts.delete(id);
    for (const owner of owners) payloadAccess.release(owner);
  }
}

/** One piece of mail must not keep the next from being read. */
function guarded(run: () => void): void {
  try {
    run();
  } catch (error) {
    report(error);
  }
}

let current: EventLoop | undefined;

export function eventLoop(): EventLoop {
  current ??= new EventLoop();
  return current;
}
