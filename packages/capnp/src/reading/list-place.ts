// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Data, type List, type ListCtor, ListElementSize, PointerType, Text, VoidList } from 'capnp-es';
import { invalid } from '../errors.js';
import type { Segment } from '../stock.js';
import { follow, kindOf, type Target } from './follow.js';
import { ListPlace, type StructPlace } from './places.js';
import { stateOf } from './read-segment.js';

/** Bytes of one element, by kind; bits and structs are counted otherwise. */
const ELEMENT_BYTES = [0, 0, 1, 2, 4, 8, 0, 0] as const;

interface Followed {
  place?: ListPlace;
}

/**
 * Where a list of a received message lies, checked to be readable as what the list object says it is; empty for null.
 * Like the C++ reader: elements may be longer than asked for (a newer sender's), and a list of numbers or pointers may
 * be read as one of structs, and the other way round; bits are bits.
 *
 * Follows https://capnproto.org/encoding.html#lists
 */
export function listPlace(list: List<unknown>): ListPlace {
  const followed = list._capnp as Followed;
  followed.place ??= found(list);
  return followed.place;
}

function found(list: List<unknown>): ListPlace {
  const place = chargedListPlaceAt(list.segment, list.byteOffset);
  check(place, list);
  return place;
}

/** Tells a list object where its list lies, when the list is readable as what the object says it is. */
export function listPlaced<T extends List<unknown>>(list: T, place: ListPlace): T {
  check(place, list);
  (list._capnp as Followed).place = place;
  return list;
}

/** As `childStruct`, for lists. */
export function childList(parent: StructPlace, index: number): ListPlace {
  const known = parent.children?.[index];
  if (known instanceof ListPlace) return known;
  const found = chargedListPlaceAt(parent.segment, parent.pointer(index));
  parent.children ??= [];
  parent.children[index] = found;
  return found;
}

function check(place: ListPlace, list: List<unknown>): void {
  // Null, or as good as.
  if (place.length === 0 && place.kind === ListElementSize.VOID) return;
  // `instanceof` would ask the proxy behind all lists.
  const Class: unknown = list.constructor;
  if (Class === Data || Class === Text) {
    if (place.kind !== ListElementSize.BYTE) throw wrongKind(place.kind, ListElementSize.BYTE);
    return;
  }
  // capnp-es has List(Void) as a list of pointers.
  const asked = Class === VoidList ? ListElementSize.VOID : (Class as ListCtor<unknown>)._capnp.size;
  if (!fits(place, asked)) throw wrongKind(place.kind, asked);
  if (asked === ListElementSize.COMPOSITE) chargeAsStructs(place);
}

/** Elements that an older sender made smaller than structs cost the reader as much: 8 each, charged once for the list. */
function chargeAsStructs(place: ListPlace): void {
  if (place.isChargedAsStructs || place.cost >= place.length * 8) return;
  place.isChargedAsStructs = true;
  stateOf(place.segment).charge(place.length * 8 - place.cost);
}

function fits(place: ListPlace, asked: ListElementSize): boolean {
  if (place.kind === asked) return true;
  if (place.kind === ListElementSize.BIT) return false;
  if (asked === ListElementSize.VOID) return true;
  if (asked === ListElementSize.BIT) return place.kind !== ListElementSize.COMPOSITE && place.dataBytes > 0;
  if (asked === ListElementSize.COMPOSITE) return true;
  if (asked === ListElementSize.POINTER) return place.pointers > 0;
  return place.dataBytes >= (ELEMENT_BYTES[asked] as number);
}

/** As {@link listPlaceAt}, charged to the reader. */
export function chargedListPlaceAt(segment: Segment, at: number): ListPlace {
  const place = listPlaceAt(segment, at);
  stateOf(segment).charge(place.cost);
  return place;
}

/** Where the list that the pointer at `at` leads to lies, whatever its elements are. */
export function listPlaceAt(segment: Segment, at: number): ListPlace {
  const target = follow(segment, at);
  if (target === undefined) return new ListPlace(segment, 0, 0, ListElementSize.VOID, 0, 0);
  if (kindOf(target.low) !== PointerType.LIST) throw invalid('a list field holds another kind of pointer');
  const kind: ListElementSize = target.high & 7;
  const count = target.high >>> 3;
  if (kind === ListElementSize.COMPOSITE) return structs(target, count);
  const place = new ListPlace(
    target.segment,
    target.offset,
    count,
    kind,
    ELEMENT_BYTES[kind] as number,
    kind === ListElementSize.POINTER ? 1 : 0,
  );
  inside(target, place.bytes);
  return place;
}

/** The pointer counts words, the tag before the first struct counts structs. */
function structs(target: Target, words: number): ListPlace {
  const { segment, offset } = target;
  inside(target, 8 + words * 8);
  const low = segment.getUint32(offset);
  const high = segment.getUint32(offset + 4);
  const count = low >> 2;
  const dataBytes = (high & 0xffff) * 8;
  const pointers = high >>> 16;
  if (kindOf(low) !== PointerType.STRUCT) throw invalid('the tag of a list of structs is no struct pointer');
  if (count < 0 || count * (dataBytes / 8 + pointers) > words) {
    throw invalid(`${count} structs do not fit into a list of ${words} words`);
  }
  return new ListPlace(segment, offset + 8, count, ListElementSize.COMPOSITE, dataBytes, pointers);
}

function inside({ segment, offset }: Target, bytes: number): void {
  if (offset >= 0 && offset + bytes <= segment.byteLength) return;
  throw invalid(`a list of ${bytes} bytes at ${offset} leaves segment ${segment.id} of ${segment.byteLength} bytes`);
}

function wrongKind(kind: ListElementSize, asked: ListElementSize): Error {
  return invalid(`a list of element kind ${ListElementSize[kind]} can't be read as one of ${ListElementSize[asked]}`);
}
