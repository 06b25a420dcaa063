// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Done, MessageFields, PutResult } from './backend.js';
import { type MessageOptions, messageFields, payloadOf } from './message.js';
import { PutCounter, type PutStats } from './put-counter.js';
import { Ledger, type LedgerSnapshot } from './zbytes/ledger.js';
import type { IntoZBytes, ZBytes } from './zbytes/zbytes.js';

type Put<R> = (bytes: ZBytes, fields: MessageFields) => R;

/** What goes out of a publisher or a session, counted in both. */
export class Sender {
  /** Bytes carried and copied. */
  readonly ledger: Ledger;
  readonly #counter: PutCounter;

  /** @param session that of the session, for a publisher's */
  constructor(session?: Sender) {
    this.ledger = new Ledger(session?.ledger);
    this.#counter = new PutCounter(session === undefined ? undefined : session.#counter);
  }

  async put(payload: IntoZBytes, options: MessageOptions | undefined, put: Put<Done>): Promise<PutResult> {
    const { bytes, length, fields } = this.#prepare(payload, options);
    const result = await this.#counted(() => put(bytes, fields));
    if (result === 'done') this.#carried(bytes, length);
    return result;
  }

  /** As `put`, for one that ends in its call. */
  putSync(payload: IntoZBytes, options: MessageOptions | undefined, put: Put<PutResult>): PutResult {
    const { bytes, length, fields } = this.#prepare(payload, options);
    let result: PutResult | 'failed' = 'failed';
    this.#counter.begin();
    try {
      result = put(bytes, fields);
    } finally {
      this.#counter.end(result);
    }
    if (result === 'done') this.#carried(bytes, length);
    return result;
  }

  delete(options: MessageOptions, remove: (fields: MessageFields) => Done): Promise<PutResult> {
    const fields = messageFields(options);
    fields.attachment?.ledger.attach(this.ledger);
    return this.#counted(() => remove(fields));
  }

  stats(): PutStats & LedgerSnapshot {
    return { ...this.#counter.stats(), ...this.ledger.snapshot() };
  }

  async #counted(send: () => Done): Promise<PutResult> {
    let result: PutResult | 'failed' = 'failed';
    this.#counter.begin();
    try {
      const done = send();
      result = typeof done === 'string' ? done : await done;
      return result;
    } finally {
      this.#counter.end(result);
    }
  }

  #prepare(payload: IntoZBytes, options: MessageOptions | undefined) {
    const bytes = payloadOf(payload);
    bytes.ledger.attach(this.ledger);
    const fields = messageFields(options);
    fields.attachment?.ledger.attach(this.ledger);
    // The length now: the payload may be disposed meanwhile.
    return { bytes, length: bytes.length, fields };
  }

  #carried(bytes: ZBytes, length: number): void {
    bytes.ledger.carryAlone(length);
    this.ledger.carry(length);
  }
}
