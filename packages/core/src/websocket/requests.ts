// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytesDeserializer } from '@eclipse-zenoh/zenoh-ts/ext';
import { CoreError } from '../errors.js';
import { Tell } from './wire/message-id.js';

interface Pending {
  readonly expected: Tell;
  readonly answer: (from: ZBytesDeserializer) => void;
  readonly fail: (error: CoreError) => void;
}

/** Requests that wait for their answers. */
export class Requests {
  readonly #timeout: number;
  readonly #pending = new Map<number, Pending>();
  #next = 0;

  /** @param timeout ms */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /**
   * A request, written under its number, and its answer. A server that refuses makes it fail with `NETWORK`, as does one
   * that does not answer in time.
   *
   * @throws whatever writing it throws; then nobody waits for an answer
   */
  make<T>(
    write: (sequence: number) => Uint8Array,
    expected: Tell,
    read: (from: ZBytesDeserializer) => T,
  ): { frame: Uint8Array<ArrayBuffer>; answer: Promise<T> } {
    const sequence = this.#next;
    this.#next = (this.#next + 1) % 2 ** 31;
    const frame = write(sequence) as Uint8Array<ArrayBuffer>;
    const answer = new Promise<T>((resolve, reject) => {
      const late = () =>
        this.#settle(sequence)?.fail(new CoreError('NETWORK', `the server did not answer within ${this.#timeout} ms`));
      const timer = setTimeout(late, this.#timeout);
      this.#pending.set(sequence, {
        expected,
        answer: (from) => {
          clearTimeout(timer);
          resolve(read(from));
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
    });
    return { frame, answer };
  }

  /** @throws whatever reading the answer throws, and `NOT_REMOTE_API` for one of another kind */
  onAnswer(sequence: number, tell: number, from: ZBytesDeserializer): void {
    const pending = this.#settle(sequence);
    // One that came too late was given up.
    if (pending === undefined) return;
    try {
      if (tell === Tell.ERROR)
        pending.fail(new CoreError('NETWORK', `the server refused: ${from.deserializeString()}`));
      else if (tell === pending.expected) pending.answer(from);
      else throw new CoreError('NOT_REMOTE_API', `an answer of kind ${tell} where kind ${pending.expected} belongs`);
    } catch (error) {
      pending.fail(new CoreError('NOT_REMOTE_API', 'the answer of the server can not be read', { cause: error }));
      throw error;
    }
  }

  fail(error: CoreError): void {
    for (const sequence of [...this.#pending.keys()]) this.#settle(sequence)?.fail(error);
  }

  #settle(sequence: number): Pending | undefined {
    const pending = this.#pending.get(sequence);
    this.#pending.delete(sequence);
    return pending;
  }
}
