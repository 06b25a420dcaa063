// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { detach } from '../detach.js';
import { Ledger } from '../zbytes/ledger.js';
import { payloadAccess, type ZBytes } from '../zbytes/zbytes.js';

/** Smaller messages are left to the garbage collector: detaching one costs more than it gives back. */
const WORTH_DETACHING = 4096;

/**
 * The memory of one received message. Its payload and its attachment are views of it; when those that were made are all
 * disposed, a large one is detached, so that no view keeps it.
 */
export class Received {
  readonly #frame: ArrayBuffer;
  readonly #ledger: Ledger;
  #users = 0;

  /** @param ledger of whoever receives */
  constructor(frame: ArrayBuffer, ledger: Ledger) {
    this.#frame = frame;
    this.#ledger = ledger;
  }

  payload(view: Uint8Array): ZBytes {
    const ledger = new Ledger(this.#ledger);
    ledger.carry(view.byteLength);
    if (view.byteLength === 0) return payloadAccess.over([], ledger, undefined);
    if (this.#frame.byteLength < WORTH_DETACHING) return payloadAccess.over([view], ledger, undefined);
    this.#users++;
    return payloadAccess.over([view], ledger, () => this.#letGo());
  }

  #letGo(): void {
    if (--this.#users === 0) detach(this.#frame);
  }
}
