// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Data, type List, type ListCtor, Pointer, type Struct, type StructCtor } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import type { Segment } from '../stock.js';
import { constant, nothing } from './constants.js';
import { depthBelow } from './depth.js';
import { childList, listPlaced } from './list-place.js';
import type { StructPlace } from './places.js';
import { childStruct, placed, structPlace } from './struct-place.js';
import { text } from './text.js';

type PointerClass<T> = new (segment: Segment, byteOffset: number, depthLimit?: number) => T;

/**
 * capnp-es's getters of pointers, for received structs: they only read. What is absent is read from a constant: the
 * default, or nothing. (capnp-es fills both in where it reads.)
 */
export const pointers = {
  getPointer(index: number, struct: Struct): Pointer {
    return pointers.getPointerAs(index, Pointer, struct);
  },
  getPointerAs<T extends Pointer>(index: number, Class: PointerClass<T>, struct: Struct): T {
    const place = structPlace(struct);
    const depth = depthBelow(struct);
    if (index < place.pointers) return new Class(place.segment, place.pointer(index), depth);
    return new Class(nothing(), 0, depth);
  },
  getText(index: number, struct: Struct, value?: string): string {
    const place = structPlace(struct);
    if (isAbsent(place, index)) return value ?? '';
    return text(childList(place, index));
  },
  getData(index: number, struct: Struct, value?: Pointer): Data {
    return listOr(value, index, Data as unknown as ListCtor<number>, struct) as unknown as Data;
  },
  getList<T>(index: number, Class: ListCtor<T>, struct: Struct, value?: Pointer): List<T> {
    return listOr(value, index, Class, struct);
  },
  getStruct<T extends Struct>(index: number, Class: StructCtor<T>, struct: Struct, value?: Pointer): T {
    const place = structPlace(struct);
    if (isAbsent(place, index)) return absent(value, Class, struct);
    const child = new Class(place.segment, place.pointer(index), depthBelow(struct));
    return placed(child, childStruct(place, index));
  },
  /** A group: the same struct by another class. */
  getAs<T extends Struct>(Class: StructCtor<T>, struct: Struct): T {
    const { segment, byteOffset, _capnp } = struct;
    return placed(new Class(segment, byteOffset, _capnp.depthLimit, _capnp.compositeIndex), structPlace(struct));
  },
  testWhich(name: string, found: number, wanted: number, _: Struct): void {
    if (found === wanted) return;
    throw new CapnpPayloadError('CAPNP_RANGE', `the member ${name} (${wanted}) of a union is not set; ${found} is`);
  },
};

function listOr<T>(value: Pointer | undefined, index: number, Class: ListCtor<T>, struct: Struct): List<T> {
  const place = structPlace(struct);
  if (isAbsent(place, index)) return absent(value, Class, struct);
  const list = new Class(place.segment, place.pointer(index), depthBelow(struct));
  return listPlaced(list, childList(place, index));
}

/** What a null pointer reads as. */
function absent<T>(value: Pointer | undefined, Class: PointerClass<T>, struct: Struct): T {
  const depth = depthBelow(struct);
  if (value === undefined) return new Class(nothing(), 0, depth);
  const { segment, byteOffset } = constant(value);
  return new Class(segment, byteOffset, depth);
}

function isAbsent(place: StructPlace, index: number): boolean {
  return index >= place.pointers || place.segment.isWordZero(place.pointer(index));
}
