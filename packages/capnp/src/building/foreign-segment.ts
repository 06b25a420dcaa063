// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CapnpPayloadError } from '../errors.js';
import { Segment } from '../stock.js';
import { BuildSegment, padded } from './build-segment.js';
import type { MessageBuilder } from './message-builder.js';

/**
 * Memory of the caller's that a message refers to, as a segment of its own: one data, or one list of numbers. Nothing
 * here ever writes to it. It is in the message's table, and sent, as long as a pointer leads to it.
 */
export class ForeignSegment extends BuildSegment {
  readonly #bytes: Uint8Array;
  readonly #length: number;

  constructor(id: number, message: MessageBuilder, bytes: Uint8Array) {
    super(id, message, bytes, 0);
    this.#bytes = bytes;
    this.#length = bytes.byteLength;
    // What the frame announces: whole words.
    this.byteLength = padded(bytes.byteLength);
  }

  override get isForeign(): boolean {
    return true;
  }

  /** The same memory at another place in the table. */
  at(id: number): ForeignSegment {
    return new ForeignSegment(id, this.message, this.#bytes);
  }

  override hasCapacity(byteLength: number): boolean {
    return byteLength === 0;
  }

  override parts(): Uint8Array[] {
    const bytes = this.view(0, this.#length);
    const rest = this.byteLength - this.#length;
    return rest === 0 ? [bytes] : [bytes, new Uint8Array(rest)];
  }

  override words(offset: number, length: number): Uint8Array {
    if (offset + length <= this.#length) return this.view(offset, length);
    const words = new Uint8Array(length);
    words.set(this.view(offset, this.#length - offset));
    return words;
  }

  override get buffer(): ArrayBufferLike {
    throw new CapnpPayloadError('CAPNP_READ_ONLY', 'adopted memory is read where it is, and not written');
  }
}

// All of capnp-es's writers, whichever it has, and ours.
for (const name of new Set([
  ...Object.getOwnPropertyNames(Segment.prototype),
  ...Object.getOwnPropertyNames(BuildSegment.prototype),
])) {
  if (!/^(set|copy|fill|zero)/.test(name)) continue;
  Object.defineProperty(ForeignSegment.prototype, name, { value: refuse });
}

/** For every way to write to adopted memory. */
export function refuse(): never {
  throw new CapnpPayloadError('CAPNP_READ_ONLY', 'adopted memory can not be written through the message');
}
