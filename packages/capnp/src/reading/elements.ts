// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import * as capnp from 'capnp-es';
import { nothing } from './constants.js';
import { depthBelow } from './depth.js';
import type { ListPlace } from './places.js';
import { textAt } from './text.js';

type AnyList = capnp.List<unknown>;

/** Reads element `index` of a received list, given where the list lies. */
export type ReadElement = (place: ListPlace, index: number, list: AnyList) => unknown;

/** How an element of each of capnp-es's lists of values is read. */
export const READ_ELEMENTS = new Map<unknown, ReadElement>([
  [capnp.Int8List, (place, index) => place.segment.getInt8(place.at(index))],
  [capnp.Int16List, (place, index) => place.segment.getInt16(place.at(index))],
  [capnp.Int32List, (place, index) => place.segment.getInt32(place.at(index))],
  [capnp.Int64List, (place, index) => place.segment.getInt64(place.at(index))],
  [capnp.Uint8List, (place, index) => place.segment.getUint8(place.at(index))],
  [capnp.Uint16List, (place, index) => place.segment.getUint16(place.at(index))],
  [capnp.Uint32List, (place, index) => place.segment.getUint32(place.at(index))],
  [capnp.Uint64List, (place, index) => place.segment.getUint64(place.at(index))],
  [capnp.Float32List, (place, index) => place.segment.getFloat32(place.at(index))],
  [capnp.Float64List, (place, index) => place.segment.getFloat64(place.at(index))],
  [capnp.BoolList, bit],
  [capnp.Data, (place, index) => place.segment.getUint8(place.at(index))],
  [capnp.TextList, (place, index) => textAt(place.segment, place.pointerAt(index))],
  [capnp.VoidList, nil],
]);

function bit(place: ListPlace, index: number): boolean {
  const { segment, offset, kind, step } = place;
  const element = place.checked(index);
  // Read from a list of numbers, it is the lowest bit of each.
  if (kind !== capnp.ListElementSize.BIT) return (segment.getUint8(offset + element * step) & 1) !== 0;
  return (segment.getUint8(offset + (element >>> 3)) & (1 << (element & 7))) !== 0;
}

/** capnp-es reads List(Void) as pointers to structs without fields. */
function nil(place: ListPlace, index: number, list: AnyList): unknown {
  place.checked(index);
  return new capnp.Void(nothing(), 0, depthBelow(list));
}
