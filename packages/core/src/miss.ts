// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendListener } from './backend.js';
import { ZenohId } from './zenoh-id.js';

/** Samples of one publisher that were lost for good. */
export class Miss {
  readonly #zid: string;
  readonly #eid: number;
  readonly #nb: number;

  constructor(zid: string, eid: number, nb: number) {
    this.#zid = zid;
    this.#eid = eid;
    this.#nb = nb;
  }

  /** The publisher: its session, and its number in it. */
  source(): { readonly zid: ZenohId; readonly eid: number } {
    return { zid: ZenohId.fromString(this.#zid), eid: this.#eid };
  }

  /** How many samples in a row. */
  nb(): number {
    return this.#nb;
  }
}

/** Hears of missed samples. It keeps the process alive until it, its subscriber or its session ends. */
export class SampleMissListener implements AsyncDisposable {
  readonly #backend: BackendListener;
  readonly #forget: () => void;
  #undeclaring: Promise<void> | undefined;

  constructor(backend: BackendListener, forget: () => void) {
    this.#backend = backend;
    this.#forget = forget;
  }

  /** Idempotent. */
  undeclare(): Promise<void> {
    this.#forget();
    this.#undeclaring ??= this.#backend.undeclare();
    return this.#undeclaring;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.undeclare();
  }
}
