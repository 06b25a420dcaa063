// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { beyond, invalid } from '../errors.js';
import type { ArrowLimits } from '../limits.js';

interface Kept {
  messages: number;
  bytes: number;
  /** Messages and bodies in order: a base and its deltas. */
  readonly segments: Uint8Array[];
}

/** The dictionaries of a stream as they were read, to go out again with every batch; bounded in number and bytes. */
export class KeptDictionaries {
  readonly #limits: ArrowLimits;
  readonly #kept = new Map<number, Kept>();

  constructor(limits: ArrowLimits) {
    this.#limits = limits;
  }

  /** All segments, in the order the dictionaries first came: one that others refer to came before them. */
  segments(): Uint8Array[] {
    return [...this.#kept.values()].flatMap((kept) => kept.segments);
  }

  /**
   * Makes room for a message of `bytes` bytes, whose segments the caller then adds to what is returned.
   *
   * @throws {ArrowPayloadError} `ARROW_LIMIT`, and `ARROW_INVALID` for a delta of nothing.
   */
  admit(id: number, isDelta: boolean, bytes: number): Uint8Array[] {
    if (!isDelta) this.#kept.set(id, { messages: 0, bytes: 0, segments: [] });
    else if (!this.#kept.has(id)) throw invalid(`a delta of dictionary ${id}, which the stream does not have`);
    const kept = this.#kept.get(id) as Kept;
    kept.messages += 1;
    kept.bytes += bytes;
    this.#check();
    return kept.segments;
  }

  #check(): void {
    let messages = 0;
    let bytes = 0;
    for (const kept of this.#kept.values()) {
      messages += kept.messages;
      bytes += kept.bytes;
    }
    const { maxMessages, maxBodyBytes } = this.#limits;
    if (messages > maxMessages) throw beyond('maxMessages', messages, maxMessages);
    if (bytes > maxBodyBytes) throw beyond('maxBodyBytes', bytes, maxBodyBytes);
  }
}
