// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Pointer, PointerType, type Struct } from 'capnp-es';
import { invalid } from '../errors.js';
import type { Segment } from '../stock.js';
import { follow, kindOf } from './follow.js';
import { listPlaceAt } from './list-place.js';
import { StructPlace } from './places.js';
import { stateOf } from './read-segment.js';

/** What capnp-es keeps about a pointer, and, once it was followed, where that led: received memory does not change. */
interface Followed {
  compositeIndex?: number;
  place?: StructPlace;
}

/** Where a struct of a received message lies; of no size for null, so that every field has its default. */
export function structPlace(struct: Pointer): StructPlace {
  const followed: Followed = struct._capnp;
  followed.place ??= found(struct, followed.compositeIndex);
  return followed.place;
}

/** Tells a pointer object where its struct lies, which the caller found out already. */
export function placed<T extends Struct>(struct: T, place: StructPlace): T {
  (struct._capnp as Followed).place = place;
  return struct;
}

function found({ segment, byteOffset }: Pointer, index: number | undefined): StructPlace {
  // Lists are charged as a whole, by those who make list objects.
  return index === undefined ? structPlaceAt(segment, byteOffset) : listPlaceAt(segment, byteOffset).element(index);
}

/** Where the struct that the pointer at `at` of a received segment leads to lies, charged to the reader. */
export function structPlaceAt(segment: Segment, at: number): StructPlace {
  const target = follow(segment, at);
  if (target === undefined) return new StructPlace(segment, 0, 0, 0);
  if (kindOf(target.low) !== PointerType.STRUCT) throw invalid('a struct field holds another kind of pointer');
  const dataBytes = (target.high & 0xffff) * 8;
  const pointers = target.high >>> 16;
  const bytes = dataBytes + pointers * 8;
  const { segment: content, offset } = target;
  if (offset < 0 || offset + bytes > content.byteLength) {
    throw invalid(
      `a struct of ${bytes} bytes at ${offset} leaves segment ${content.id} of ${content.byteLength} bytes`,
    );
  }
  const place = new StructPlace(content, offset, dataBytes, pointers);
  stateOf(segment).charge(place.cost);
  return place;
}

/**
 * Where the struct that a pointer of a struct leads to lies. It is followed, and charged, once: a program that reads the
 * same field of the same object over and over does so on its own account.
 */
export function childStruct(parent: StructPlace, index: number): StructPlace {
  const known = parent.children?.[index];
  if (known instanceof StructPlace) return known;
  const found = structPlaceAt(parent.segment, parent.pointer(index));
  parent.children ??= [];
  parent.children[index] = found;
  return found;
}
