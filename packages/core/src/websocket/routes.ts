// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytesDeserializer } from '@eclipse-zenoh/zenoh-ts/ext';
import { CoreError } from '../errors.js';
import { Tell } from './wire/message-id.js';

/** Reads an event, after its number. `frame` is the memory of the whole message. */
export type OnEvent = (from: ZBytesDeserializer, frame: ArrayBuffer, tell: Tell) => void;

const EVENTS: ReadonlySet<number> = new Set([
  Tell.SAMPLE,
  Tell.QUERY,
  Tell.REPLY,
  Tell.REPLY_FINAL,
  Tell.MATCHING_CHANGE,
  Tell.TRANSPORT_CHANGE,
  Tell.LINK_CHANGE,
]);

/** Who gets which event. Numbers are given by this side, and unique over all that it declares and asks. */
export class Routes {
  readonly #routes = new Map<number, OnEvent>();
  #next = 0;

  /** A number for something that hears events. */
  newId(): number {
    do this.#next = (this.#next + 1) % 2 ** 31;
    while (this.#routes.has(this.#next));
    return this.#next;
  }

  on(id: number, hear: OnEvent): void {
    this.#routes.set(id, hear);
  }

  off(id: number): void {
    this.#routes.delete(id);
  }

  /** @throws {CoreError} `NOT_REMOTE_API` for what is no event */
  onEvent(tell: number, from: ZBytesDeserializer, frame: ArrayBuffer): void {
    if (!EVENTS.has(tell)) throw new CoreError('NOT_REMOTE_API', `a message of kind ${tell} that nobody asked for`);
    // What was undeclared meanwhile may still be told something.
    this.#routes.get(from.deserializeNumberUint32())?.(from, frame, tell);
  }
}
