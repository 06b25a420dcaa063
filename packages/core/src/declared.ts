// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendInbox, QueueStats } from './backend.js';
import type { KeyExpr } from './key-expr.js';
import type { Reader } from './reader.js';
import { Receiving } from './receiving.js';
import { EntityGlobalId } from './source-info.js';
import type { Ledger } from './zbytes/ledger.js';

/** Something declared on a session that receives until it is undeclared: what subscribers and queryables share. */
export abstract class Declared<T> extends Receiving<T> {
  readonly #keyExpr: KeyExpr;
  readonly #inbox: BackendInbox<T>;
  readonly #reader: Reader<T>;
  readonly #forget: (self: Declared<T>) => void;
  /** Bytes carried and copied by everything received here. */
  readonly ledger: Ledger;

  constructor(
    keyExpr: KeyExpr,
    inbox: BackendInbox<T>,
    reader: Reader<T>,
    ledger: Ledger,
    forget: (self: Declared<T>) => void,
  ) {
    super(reader);
    this.#keyExpr = keyExpr;
    this.#inbox = inbox;
    this.#reader = reader;
    this.#forget = forget;
    this.ledger = ledger;
  }

  keyExpr(): KeyExpr {
    return this.#keyExpr;
  }

  /** The id of this in the whole network, as `SourceInfo` takes it. */
  id(): EntityGlobalId {
    return EntityGlobalId.fromString(this.#inbox.entityId as string);
  }

  /** Counters of the queue. */
  stats(): QueueStats {
    const stats = this.#inbox.stats();
    const { discarded } = this.#reader;
    const dropped = { ...stats.dropped, closed: stats.dropped.closed + discarded };
    return { ...stats, delivered: stats.delivered - discarded, dropped };
  }

  /** Lets the process exit although this is declared. */
  unref(): this {
    this.#inbox.keepAlive(false);
    return this;
  }

  /** Undoes `unref`. */
  ref(): this {
    this.#inbox.keepAlive(true);
    return this;
  }

  /** Stops receiving; what is queued is dropped and counted. Idempotent. */
  async undeclare(): Promise<void> {
    this.#reader.end();
    this.#forget(this);
    await this.#inbox.undeclare();
  }
}
