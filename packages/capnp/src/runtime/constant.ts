// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZBytes } from '@zenoh-segments/core';
import type { Message, Pointer } from 'capnp-es';
import { fromZBytes } from '../from-zbytes.js';

type Segment = ReturnType<Message['getSegment']>;

/** A class of pointers, which the constructor takes as it takes all of them. */
type PointerClass<T extends Pointer> = new (segment: Segment, byteOffset: number, depthLimit?: number) => T;

/**
 * A constant of a schema, or a field's default, read-only. Generated code makes it.
 *
 * @param packed its message in the packed stream framing, as base64
 */
export function constant<T extends Pointer>(Class: PointerClass<T>, packed: string): T {
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const message = fromZBytes(new ZBytes(bytes), { packed: true, traversalBytes: Number.POSITIVE_INFINITY });
  return new Class(message.getSegment(0), 0);
}
