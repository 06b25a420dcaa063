// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, type List, ListElementSize, type Orphan, type Pointer, PointerType } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import { ForeignSegment } from './foreign-segment.js';
import type { MessageBuilder } from './message-builder.js';
import { BuiltOrphan } from './orphan.js';
import { checkLength } from './place.js';

/** What {@link MessageBuilder.adoptList} takes; the elements' type is the array's. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

const ELEMENTS: Readonly<Record<number, ListElementSize>> = {
  1: ListElementSize.BYTE,
  2: ListElementSize.BYTE_2,
  4: ListElementSize.BYTE_4,
  8: ListElementSize.BYTE_8,
};

export function adoptedBytes(message: MessageBuilder, bytes: ArrayBufferView | ArrayBufferLike): Orphan<Data> {
  return foreign(message, viewOf(bytes), ListElementSize.BYTE, bytes.byteLength);
}

export function adoptedList<T>(message: MessageBuilder, numbers: TypedArray): Orphan<List<T>> {
  const element = ELEMENTS[numbers.BYTES_PER_ELEMENT];
  if (element === undefined) throw new CapnpPayloadError('CAPNP_INVALID', 'adoptList takes a typed array');
  return foreign(message, viewOf(numbers), element, numbers.length);
}

function foreign<T extends Pointer>(
  message: MessageBuilder,
  bytes: Uint8Array,
  element: ListElementSize,
  length: number,
): Orphan<T> {
  checkLength(length);
  // It gets its place in the table when a field adopts it; the first place is the root's.
  const segment = new ForeignSegment(-1, message, bytes);
  return new BuiltOrphan<T>(message, {
    segment: length === 0 ? message.segmentAt(0) : segment,
    offset: 0,
    kind: PointerType.LIST,
    high: length * 8 + element,
  });
}

function viewOf(bytes: ArrayBufferView | ArrayBufferLike): Uint8Array {
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}
