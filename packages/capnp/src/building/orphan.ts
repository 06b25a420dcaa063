// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Orphan, type Pointer } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import { toBuild } from './build-segment.js';
import { type Content, erase, eraseContent, link } from './link.js';
import type { MessageBuilder } from './message-builder.js';

/** capnp-es's orphan without its constructor, which takes a pointer apart in capnp-es's way. */
function Unbuilt(): void {}
Unbuilt.prototype = Orphan.prototype;
const Base = Unbuilt as unknown as new <T extends Pointer>() => Orphan<T>;

/** An object of a message being built that no pointer leads to: to be adopted once, by a field of the same message. */
export class BuiltOrphan<T extends Pointer> extends Base<T> {
  readonly #message: MessageBuilder;
  /** Undefined for null. */
  readonly #content: Content | undefined;
  #ended = false;

  constructor(message: MessageBuilder, content: Content | undefined) {
    super();
    this.#message = message;
    this.#content = content;
  }

  /** capnp-es's name for: lets the pointer lead here. What it led to is erased. */
  override _moveTo(to: T): void {
    const segment = toBuild(to);
    if (segment?.message !== this.#message) {
      throw new CapnpPayloadError('CAPNP_INVALID', 'an orphan can only be adopted within its own message');
    }
    if (this.#ended) throw new CapnpPayloadError('CAPNP_INVALID', 'this orphan was adopted or disposed before');
    if (to._capnp.compositeIndex !== undefined) {
      throw new CapnpPayloadError('CAPNP_INVALID', 'an element of a list of structs has no pointer that could adopt');
    }
    erase(segment, to.byteOffset);
    if (this.#content !== undefined) link(segment, to.byteOffset, this.#content);
    // Not before: at the limit of adopted memory the orphan stays what it was.
    this.#ended = true;
  }

  /** Zeroes the object, unless it was adopted. */
  override dispose(): void {
    if (this.#ended) return;
    this.#ended = true;
    const content = this.#content;
    if (content !== undefined) eraseContent(content.segment, content.offset, content.kind, content.high);
  }
}
