// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Done, MessageFields, PutResult } from './backend.js';
import { type MessageOptions, messageFields, payloadOf } from './message.js';
import { PutCounter, type PutStats } from './put-counter.js';
import { paced } from './turn.js';
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

  /** Without a promise where the put has ended in its call: most do, and there are many. */
  put(payload: IntoZBytes, options: MessageOptions | undefined, put: Put<Done>): Done {
    const { bytes, length, fields } = this.#prepare(payload, options);
    return this.#sent(
      this.#begin(() => put(bytes, fields)),
      length,
      bytes,
    );
  }

  /** As `put`, of bytes that are retained as they are: a payload is made of them only where somebody needs it. */
  putBytes(bytes: Uint8Array, put: (bytes: Uint8Array, payload: () => ZBytes) => Done): Done {
    const length = bytes.byteLength;
    return this.#sent(
      this.#begin(() => put(bytes, () => this.#payload(bytes))),
      length,
    );
  }

  /** As `put`, for one that ends in its call. */
  putSync(payload: IntoZBytes, options: MessageOptions | undefined, put: Put<PutResult>): PutResult {
    const { bytes, length, fields } = this.#prepare(payload, options);
    const result = this.#begin(() => put(bytes, fields)) as PutResult;
    this.#carried(result, length, bytes);
    return result;
  }

  delete(options: MessageOptions, remove: (fields: MessageFields) => Done): Done {
    const fields = messageFields(options);
    fields.attachment?.ledger.attach(this.ledger);
    return paced(this.#begin(() => remove(fields)));
  }

  stats(): PutStats & LedgerSnapshot {
    return { ...this.#counter.stats(), ...this.ledger.snapshot() };
  }

  /** Sends, and counts what comes of it. */
  #begin(send: () => Done): Done {
    this.#counter.begin();
    let done: Done | undefined;
    try {
      done = send();
    } finally {
      if (typeof done !== 'object') this.#counter.end(done ?? 'failed');
    }
    return typeof done === 'string' ? done : this.#end(done);
  }

  async #end(sending: Promise<PutResult>): Promise<PutResult> {
    let result: PutResult | 'failed' = 'failed';
    try {
      result = await sending;
      return result;
    } finally {
      this.#counter.end(result);
    }
  }

  #prepare(payload: IntoZBytes, options: MessageOptions | undefined) {
    const bytes = this.#payload(payload);
    const fields = messageFields(options);
    fields.attachment?.ledger.attach(this.ledger);
    // The length now: the payload may be disposed meanwhile.
    return { bytes, length: bytes.length, fields };
  }

  #payload(bytes: IntoZBytes): ZBytes {
    const payload = payloadOf(bytes);
    payload.ledger.attach(this.ledger);
    return payload;
  }

  #sent(done: Done, length: number, payload?: ZBytes): Done {
    if (typeof done !== 'string') return this.#later(done, length, payload);
    this.#carried(done, length, payload);
    return paced(done);
  }

  async #later(sending: Promise<PutResult>, length: number, payload: ZBytes | undefined): Promise<PutResult> {
    const result = await sending;
    this.#carried(result, length, payload);
    return result;
  }

  #carried(result: PutResult, length: number, payload: ZBytes | undefined): void {
    if (result !== 'done') return;
    payload?.ledger.carryAlone(length);
    this.ledger.carry(length);
  }
}
