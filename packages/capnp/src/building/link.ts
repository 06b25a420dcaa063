// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ListElementSize, PointerType } from 'capnp-es';
import type { BuildSegment } from './build-segment.js';
import { ForeignSegment } from './foreign-segment.js';
import { at, ELEMENT_BITS, follow, readTag } from './place.js';

/** What a pointer leads to: where it is, the pointer's type, and its upper half. A capability has no place. */
export interface Content {
  readonly segment: BuildSegment;
  readonly offset: number;
  readonly kind: number;
  readonly high: number;
}

/**
 * Makes the pointer at `offset`, which must be null, lead to `content`.
 *
 * Follows https://capnproto.org/encoding.html#inter-segment-pointers
 */
export function link(segment: BuildSegment, offset: number, content: Content): void {
  const { kind, high } = content;
  let target = content.segment;
  if (kind === PointerType.OTHER) {
    segment.setWord(offset, kind, high);
  } else if (kind === PointerType.STRUCT && high === 0) {
    // A struct without size would look like null if it did not point before itself.
    segment.setWord(offset, -4, 0);
  } else if (target === segment) {
    segment.setWord(offset, nearWord(offset, content.offset, kind), high);
  } else if (target.hasCapacity(8)) {
    const pad = target.take(8);
    target.setWord(pad, nearWord(pad, content.offset, kind), high);
    segment.setWord(offset, pad | PointerType.FAR, target.id);
  } else {
    if (target instanceof ForeignSegment) target = target.message.enlist(target);
    const near = segment.roomFor(16);
    const pad = near.take(16);
    near.setWord(pad, content.offset | PointerType.FAR, target.id);
    near.setWord(pad + 8, kind, high);
    segment.setWord(offset, pad | 4 | PointerType.FAR, near.id);
  }
}

function nearWord(offset: number, content: number, kind: number): number {
  // Words, above the two bits of the type: a quarter of the bytes in eighths.
  return (content - offset - 8) / 2 + kind;
}

/** Makes the pointer at `offset` null and leaves its content alone; adopted memory leaves the message. */
export function unlink(segment: BuildSegment, offset: number): void {
  const low = segment._dv.getInt32(offset, true);
  if ((low & 3) === PointerType.FAR) {
    const pad = segment.message.segmentAt(segment._dv.getUint32(offset + 4, true));
    const padOffset = (low & -8) >>> 0;
    if ((low & 4) !== 0) {
      const target = pad.message.segmentAt(pad._dv.getUint32(padOffset + 4, true));
      if (target.isForeign) target.message.delist(target);
      pad.zero(padOffset + 8, 8);
    }
    pad.zero(padOffset, 8);
  }
  segment.zero(offset, 8);
}

/** What the pointer at `offset` leads to; undefined for null. */
export function contentAt(segment: BuildSegment, offset: number): Content | undefined {
  if (segment.isWordZero(offset)) return undefined;
  follow(segment, offset);
  return { segment: at.segment, offset: at.content, kind: at.kind, high: at.high };
}

/**
 * Makes the pointer at `offset` null and zeroes all that it led to, and nothing beside it. The memory is not used again;
 * zeroed, it packs to nothing and tells nothing. Adopted memory is not written: it leaves the message.
 */
export function erase(segment: BuildSegment, offset: number): void {
  if (segment.isWordZero(offset)) return;
  follow(segment, offset);
  eraseContent(at.segment, at.content, at.kind, at.high);
  unlink(segment, offset);
}

/** Zeroes what a pointer led to. */
export function eraseContent(segment: BuildSegment, offset: number, kind: number, high: number): void {
  if (segment.isForeign) return;
  if (kind === PointerType.STRUCT) {
    eraseStructs(segment, offset, 1, (high & 0xffff) * 8, high >>> 16);
    return;
  }
  if (kind !== PointerType.LIST) return;
  const element = high & 7;
  const count = high >>> 3;
  if (element === ListElementSize.POINTER) {
    eraseStructs(segment, offset, count, 0, 1);
  } else if (element === ListElementSize.COMPOSITE) {
    at.dv = segment._dv;
    at.content = offset;
    readTag();
    eraseStructs(segment, offset + 8, at.count, at.dataBytes, at.pointers);
    segment.zero(offset, 8);
  } else {
    segment.zero(offset, Math.ceil((count * (ELEMENT_BITS[element] as number)) / 64) * 8);
  }
}

/** Zeroes structs in a row, and what their pointers lead to. */
export function eraseStructs(
  segment: BuildSegment,
  offset: number,
  count: number,
  dataBytes: number,
  pointers: number,
): void {
  const step = dataBytes + 8 * pointers;
  if (pointers > 0) {
    for (let i = 0; i < count; i++) {
      const first = offset + i * step + dataBytes;
      for (let j = 0; j < pointers; j++) erase(segment, first + 8 * j);
    }
  }
  segment.zero(offset, count * step);
}

/** Moves a pointer to a place that is null; its content stays where it is. */
export function movePointer(from: BuildSegment, fromOffset: number, to: BuildSegment, toOffset: number): void {
  const low = from._dv.getInt32(fromOffset, true);
  if ((low & 3) === PointerType.FAR) {
    // It says where it leads without regard to where it is.
    to.setWord(toOffset, low, from._dv.getUint32(fromOffset + 4, true));
  } else {
    const content = contentAt(from, fromOffset);
    if (content !== undefined) link(to, toOffset, content);
  }
  from.zero(fromOffset, 8);
}
