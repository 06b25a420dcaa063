// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ListElementSize, type ObjectSize, PointerType } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import { type BuildSegment, padded } from './build-segment.js';
import { type Content, link, movePointer, unlink } from './link.js';
import { at, follow, locateListAt } from './place.js';

/**
 * Moves the struct that the pointer at `offset` leads to, when it is smaller than `size`: it was copied from a message of
 * an older schema, and the fields it lacks are about to be written.
 *
 * @throws {CapnpPayloadError} `CAPNP_INVALID` for a pointer to something else.
 */
export function growStruct(segment: BuildSegment, offset: number, size: ObjectSize): void {
  follow(segment, offset);
  if (at.kind !== PointerType.STRUCT) throw wrongField('a struct');
  const old = { segment: at.segment, offset: at.content, dataBytes: (at.high & 0xffff) * 8, pointers: at.high >>> 16 };
  const grown = larger(old, size);
  if (grown === undefined) return;
  const target = segment.roomFor(grown.step);
  const to = target.take(grown.step);
  moveStruct(old, target, to, grown.dataBytes);
  relink(segment, offset, { segment: target, offset: to, kind: PointerType.STRUCT, high: grown.sizes });
}

/**
 * The same for a list of structs, which an older schema may have made a list of numbers or pointers as well.
 *
 * @throws {CapnpPayloadError} `CAPNP_INVALID` for a pointer to something else, and for a list of bits.
 */
export function growStructList(segment: BuildSegment, offset: number, size: ObjectSize): void {
  locateListAt(segment, offset);
  if (at.element === ListElementSize.BIT) throw wrongField('a list of structs');
  const { content, count, element, stepBits } = at;
  const from = at.segment;
  const step = stepBits / 8;
  const isPointer = element === ListElementSize.POINTER;
  const isStruct = element === ListElementSize.COMPOSITE;
  const old = {
    segment: from,
    dataBytes: isStruct ? at.dataBytes : isPointer ? 0 : step,
    pointers: isStruct ? at.pointers : isPointer ? 1 : 0,
  };
  const grown = larger(old, size) ?? (isStruct ? undefined : sized(old, size));
  if (grown === undefined) return;
  const bytes = 8 + count * grown.step;
  const target = segment.roomFor(bytes);
  const tag = target.take(bytes);
  target.setWord(tag, count * 4, grown.sizes);
  for (let i = 0; i < count; i++) {
    moveStruct({ ...old, offset: content + i * step }, target, tag + 8 + i * grown.step, grown.dataBytes);
  }
  if (isStruct) from.zero(content - 8, 8);
  const high = count * grown.step + ListElementSize.COMPOSITE;
  relink(segment, offset, { segment: target, offset: tag, kind: PointerType.LIST, high });
}

interface Sizes {
  readonly dataBytes: number;
  readonly pointers: number;
}

/** The size that has room for both; undefined when the old one has. */
function larger(old: Sizes, size: ObjectSize) {
  const fits = old.dataBytes >= size.dataByteLength && old.pointers >= size.pointerLength;
  return fits ? undefined : sized(old, size);
}

function sized(old: Sizes, size: ObjectSize) {
  const dataBytes = padded(Math.max(old.dataBytes, size.dataByteLength));
  const pointers = Math.max(old.pointers, size.pointerLength);
  return { dataBytes, pointers, step: dataBytes + 8 * pointers, sizes: structSizes(dataBytes, pointers) };
}

/** The upper half of a struct pointer. */
export function structSizes(dataBytes: number, pointers: number): number {
  return dataBytes / 8 + pointers * 0x10000;
}

interface Place extends Sizes {
  readonly segment: BuildSegment;
  readonly offset: number;
}

function moveStruct({ segment, offset, dataBytes, pointers }: Place, to: BuildSegment, start: number, data: number) {
  to.view(start, dataBytes).set(segment.view(offset, dataBytes));
  for (let i = 0; i < pointers; i++) movePointer(segment, offset + dataBytes + 8 * i, to, start + data + 8 * i);
  if (!segment.isForeign && dataBytes > 0) segment.zero(offset, dataBytes);
}

function relink(segment: BuildSegment, offset: number, content: Content): void {
  unlink(segment, offset);
  link(segment, offset, content);
}

function wrongField(wanted: string): CapnpPayloadError {
  return new CapnpPayloadError('CAPNP_INVALID', `the field holds something else than ${wanted}`);
}
