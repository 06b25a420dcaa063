// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ListElementSize } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import type { Segment } from '../stock.js';

/** A struct is charged as this many bytes at least: that is eight times the smallest one that has any content. */
export const STRUCT_COST = 64;

/** Where a struct lies: `dataBytes` bytes at `offset` of `segment`, and then `pointers` pointers. All of it is there. */
export class StructPlace {
  readonly segment: Segment;
  readonly offset: number;
  readonly dataBytes: number;
  readonly pointers: number;
  /** What its pointers led to, by index, as far as they were followed. */
  children: (StructPlace | ListPlace)[] | undefined;

  constructor(segment: Segment, offset: number, dataBytes: number, pointers: number) {
    this.segment = segment;
    this.offset = offset;
    this.dataBytes = dataBytes;
    this.pointers = pointers;
    this.children = undefined;
  }

  /** What reading it may cost, as bytes: an object of JavaScript is made for it, however small it is. */
  get cost(): number {
    return Math.max(this.dataBytes + 8 * this.pointers, STRUCT_COST);
  }

  /** Where pointer `index` lies. */
  pointer(index: number): number {
    return this.offset + this.dataBytes + index * 8;
  }
}

/**
 * Where a list lies: `length` elements, one each `step` bytes (0 for elements without size and for bits), each of which
 * is read as a struct of `dataBytes` bytes and `pointers` pointers, whatever it was written as. All of them are there.
 */
export class ListPlace {
  readonly segment: Segment;
  readonly offset: number;
  readonly length: number;
  readonly kind: ListElementSize;
  readonly dataBytes: number;
  readonly pointers: number;
  readonly step: number;
  isChargedAsStructs = false;

  constructor(
    segment: Segment,
    offset: number,
    length: number,
    kind: ListElementSize,
    dataBytes: number,
    pointers: number,
  ) {
    this.segment = segment;
    this.offset = offset;
    this.length = length;
    this.kind = kind;
    this.dataBytes = dataBytes;
    this.pointers = pointers;
    this.step = dataBytes + 8 * pointers;
  }

  /** Bytes of the elements, without the tag of structs. */
  get bytes(): number {
    return this.kind === ListElementSize.BIT ? (this.length + 7) >>> 3 : this.length * this.step;
  }

  /** What reading it once may cost, as bytes: elements without size cost the sender nothing, but the reader time. */
  get cost(): number {
    if (this.kind === ListElementSize.COMPOSITE) return this.length * Math.max(this.step, STRUCT_COST);
    if (this.kind === ListElementSize.VOID) return this.length * 8;
    return this.kind === ListElementSize.BIT ? this.length : this.bytes;
  }

  /** Where element `index` lies. @throws {CapnpPayloadError} `CAPNP_RANGE`. */
  at(index: number): number {
    return this.offset + this.checked(index) * this.step;
  }

  /** Where the pointer that element `index` is (or starts its pointers with) lies. */
  pointerAt(index: number): number {
    return this.at(index) + this.dataBytes;
  }

  element(index: number): StructPlace {
    return new StructPlace(this.segment, this.at(index), this.dataBytes, this.pointers);
  }

  checked(index: number): number {
    if (index >= 0 && index < this.length && Number.isInteger(index)) return index;
    throw new CapnpPayloadError('CAPNP_RANGE', `there is no element ${index} in a list of ${this.length}`);
  }
}
