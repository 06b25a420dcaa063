// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ListElementSize, type Pointer, PointerType } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import type { Segment } from '../stock.js';
import type { BuildSegment } from './build-segment.js';

/**
 * What a pointer of a message being built leads to, as the last call of {@link follow}, {@link locateStruct} or
 * {@link locateList} found it: one object for all, as finding allocates nothing. Take what is needed before the next call.
 */
export const at = {
  /** The content's segment, and its view. */
  segment: undefined as unknown as BuildSegment,
  dv: undefined as unknown as DataView,
  /** Byte offset of the content; of the tag word in a list of structs, until `locateList` went past it. */
  content: 0,
  /** The pointer's type, and its upper half: sizes. A null pointer is an empty struct. */
  kind: 0,
  high: 0,
  /** Of a struct, in bytes and pointers; with `locateList`, of each element of a list of structs. */
  dataBytes: 0,
  pointers: 0,
  /** Of a list: the kind of its elements, how many, and the bits from one to the next. */
  element: 0,
  count: 0,
  stepBits: 0,
};

/** Lengths have 29 bits. */
const LONGEST = 2 ** 29 - 1;

/** Bits of an element, by kind; structs have a size of their own. */
export const ELEMENT_BITS: readonly number[] = [0, 1, 8, 16, 32, 64, 64];

/**
 * Follows the pointer at `offset`.
 *
 * Follows https://capnproto.org/encoding.html#inter-segment-pointers
 */
export function follow(segment: BuildSegment, offset: number): void {
  const dv = segment._dv;
  const low = dv.getInt32(offset, true);
  const high = dv.getUint32(offset + 4, true);
  if ((low & 3) !== PointerType.FAR) {
    at.segment = segment;
    at.dv = dv;
    at.content = offset + 8 + (low & -4) * 2;
    at.kind = low & 3;
    at.high = high;
    return;
  }
  const pad = segment.message.segmentAt(high);
  const padOffset = (low & -8) >>> 0;
  if ((low & 4) === 0) {
    follow(pad, padOffset);
    return;
  }
  const target = pad.message.segmentAt(pad._dv.getUint32(padOffset + 4, true));
  at.segment = target;
  at.dv = target._dv;
  at.content = (pad._dv.getInt32(padOffset, true) & -8) >>> 0;
  at.kind = pad._dv.getUint32(padOffset + 8, true) & 3;
  at.high = pad._dv.getUint32(padOffset + 12, true);
}

/** Finds the content of a struct, which may be an element of a list. */
export function locateStruct(struct: Pointer): void {
  follow(struct.segment as unknown as BuildSegment, struct.byteOffset);
  const index = struct._capnp.compositeIndex;
  if (index !== undefined) {
    elementsOfStructs();
    if (index >= at.count) throw outside(index, at.count);
    at.content += index * (at.dataBytes + 8 * at.pointers);
  } else if (at.kind === PointerType.STRUCT) {
    at.dataBytes = (at.high & 0xffff) * 8;
    at.pointers = at.high >>> 16;
  } else {
    throw wrongKind('a struct');
  }
}

/** Finds a list's first element; a null list has none. */
export function locateList(list: Pointer): void {
  locateListAt(list.segment as unknown as BuildSegment, list.byteOffset);
}

export function locateListAt(segment: BuildSegment, offset: number): void {
  follow(segment, offset);
  if (at.kind === PointerType.LIST) {
    at.element = at.high & 7;
    if (at.element === ListElementSize.COMPOSITE) {
      elementsOfStructs();
      return;
    }
    at.count = at.high >>> 3;
    at.stepBits = ELEMENT_BITS[at.element] as number;
  } else if (at.kind === PointerType.STRUCT && at.high === 0 && segment.isWordZero(offset)) {
    at.element = ListElementSize.VOID;
    at.count = 0;
    at.stepBits = 0;
  } else {
    throw wrongKind('a list');
  }
}

function elementsOfStructs(): void {
  if (at.kind !== PointerType.LIST || (at.high & 7) !== ListElementSize.COMPOSITE) throw wrongKind('a list of structs');
  readTag();
  at.content += 8;
}

/** Reads the word before the first struct of a list. */
export function readTag(): void {
  at.count = at.dv.getUint32(at.content, true) >>> 2;
  const sizes = at.dv.getUint32(at.content + 4, true);
  at.dataBytes = (sizes & 0xffff) * 8;
  at.pointers = sizes >>> 16;
  at.stepBits = 8 * (at.dataBytes + 8 * at.pointers);
}

/** Byte offset of the value in element `index` of a list that holds at least `bits` of data for each. */
export function elementAt(list: Pointer, index: number, bits: number): number {
  locateElements(list, index);
  const data = at.element === ListElementSize.COMPOSITE ? at.dataBytes * 8 : at.stepBits;
  if (data < bits || (at.element === ListElementSize.POINTER && bits > 0)) {
    throw new CapnpPayloadError('CAPNP_INVALID', `a list of ${kindName()} has no elements of ${bits} bits`);
  }
  return at.content + index * (at.stepBits / 8);
}

/** Byte offset of the pointer that element `index` is, or that its pointers begin with: a newer schema made it a struct. */
export function pointerElementAt(list: Pointer, index: number): number {
  locateElements(list, index);
  if (at.element === ListElementSize.POINTER) return at.content + index * 8;
  if (at.element !== ListElementSize.COMPOSITE || at.pointers === 0) {
    throw new CapnpPayloadError('CAPNP_INVALID', `a list of ${kindName()} has no pointers`);
  }
  return at.content + index * (at.stepBits / 8) + at.dataBytes;
}

/** Where the element lies that was looked for last. */
export function segmentOfElements(): Segment {
  return at.segment as unknown as Segment;
}

function locateElements(list: Pointer, index: number): void {
  locateList(list);
  // Negative and fractional numbers are no smaller or whole as unsigned ones.
  if (!(index >>> 0 === index && index < at.count)) throw outside(index, at.count);
}

function kindName(): string {
  return `element kind ${ListElementSize[at.element]}`;
}

/** Byte offset of `bytes` bytes at `offset` of a struct's data. */
export function dataAt(struct: Pointer, offset: number, bytes: number): number {
  locateStruct(struct);
  if (offset < 0 || offset + bytes > at.dataBytes) throw absent(`data byte ${offset}`);
  return at.content + offset;
}

/** Byte offset of a struct's pointer; `at.segment` is where. */
export function pointerAt(struct: Pointer, index: number): number {
  locateStruct(struct);
  if (!(index >>> 0 === index && index < at.pointers)) throw absent(`pointer ${index}`);
  return at.content + at.dataBytes + 8 * index;
}

/** @throws {CapnpPayloadError} when a list can't have this length. */
export function checkLength(length: number): void {
  if (!(Number.isSafeInteger(length) && length >= 0)) {
    throw new CapnpPayloadError('CAPNP_INVALID', `the length of a list must be a whole number, not ${length}`);
  }
  if (length > LONGEST) throw new CapnpPayloadError('CAPNP_LIMIT', `no list has more than ${LONGEST} elements`);
}

function absent(what: string): CapnpPayloadError {
  return new CapnpPayloadError(
    'CAPNP_INVALID',
    `the struct has no ${what}: it was disowned or replaced, or is smaller than its class says`,
  );
}

function outside(index: number, count: number): CapnpPayloadError {
  return new CapnpPayloadError('CAPNP_RANGE', `a list of ${count} elements has none at ${index}`);
}

function wrongKind(wanted: string): CapnpPayloadError {
  return new CapnpPayloadError('CAPNP_INVALID', `the pointer leads to something else than ${wanted}`);
}
