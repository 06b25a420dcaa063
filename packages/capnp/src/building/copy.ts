// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ListElementSize, type Pointer, PointerType } from 'capnp-es';
import { asInvalid, CapnpPayloadError, invalid } from '../errors.js';
import { joinInto } from '../join.js';
import { follow, kindOf } from '../reading/follow.js';
import { STRUCT_COST } from '../reading/places.js';
import { readSegment } from '../reading/read-segment.js';
import type { Segment } from '../stock.js';
import { type BuildSegment, bytesAt, padded } from './build-segment.js';
import { structSizes } from './grow.js';
import { type Content, erase, eraseStructs, link } from './link.js';
import { at, ELEMENT_BITS, locateStruct } from './place.js';

/** Deeper nesting is refused: readers stop at 64 unless told otherwise, and a cycle has to end before the stack does. */
const DEEPEST = 512;

/** What a pointer of a message of any kind leads to. */
interface Source {
  readonly segment: Segment;
  readonly offset: number;
  readonly kind: number;
  readonly high: number;
}

/**
 * Makes the pointer at `offset` lead to a deep copy of what `source` leads to. All is checked on the way, as `source` may be
 * a received one; a message that has a budget is charged each byte that is copied.
 *
 * The copy is complete before what was there is erased: `source` may be a part of that.
 */
export function copyPointer(source: Pointer, segment: BuildSegment, offset: number): void {
  if ((source.segment as unknown) === segment && source.byteOffset === offset) return;
  const content = guarded(source, () => {
    const found = sourceOf(source);
    return found && copyContent(found, segment, depthOf(source));
  });
  erase(segment, offset);
  if (content !== undefined) link(segment, offset, content);
}

/** As {@link copyPointer}, into an element of a list of structs: what the element has no room for is left out. */
export function copyElement(source: Pointer, element: Pointer): void {
  locateStruct(element);
  const { segment, content, dataBytes, pointers } = at;
  const copied = guarded(source, () => {
    const struct = sourceOf(source);
    if (struct === undefined) return undefined;
    if (struct.kind !== PointerType.STRUCT)
      throw invalid('an element of a list of structs can only be set to a struct');
    const bytes = checkStruct(struct);
    const shared = Math.min(dataBytes, bytes);
    const contents: (Content | undefined)[] = [];
    for (let i = 0; i < Math.min(pointers, struct.high >>> 16); i++) {
      const found = sourceAt(struct.segment, struct.offset + bytes + 8 * i);
      contents.push(found && copyContent(found, segment, depthOf(source) - 1));
    }
    const data = new Uint8Array(shared);
    fill(data, struct.segment, struct.offset);
    return { data, contents };
  });
  eraseStructs(segment, content, 1, dataBytes, pointers);
  if (copied === undefined) return;
  segment.view(content, copied.data.byteLength).set(copied.data);
  copied.contents.forEach((each, i) => {
    if (each !== undefined) link(segment, content + dataBytes + 8 * i, each);
  });
}

/** What the copy in hand may still cost. */
let left = 0;

function guarded<T>(source: Pointer, read: () => T): T {
  const { message } = source.segment;
  // Where no two pointers lead to the same bytes, each byte and each pointer counts once.
  left = 64;
  for (const { byteLength } of message._capnp.segments) left += 2 * byteLength;
  // A received message has a budget of its own.
  if (readSegment(source.segment) !== undefined) left = Number.POSITIVE_INFINITY;
  try {
    return read();
  } catch (cause) {
    throw asInvalid('a pointer to be copied leads to nothing that can be read', cause);
  }
}

function depthOf(source: Pointer): number {
  return Math.min(source._capnp.depthLimit, DEEPEST);
}

/** What a pointer object leads to, which may be an element of a list of structs. */
function sourceOf(source: Pointer): Source | undefined {
  const found = sourceAt(source.segment, source.byteOffset);
  const index = source._capnp.compositeIndex;
  if (index === undefined || found === undefined) return found;
  const { count, sizes, step } = checkStructs(found);
  if (index >= count) throw new CapnpPayloadError('CAPNP_RANGE', `a list of ${count} elements has none at ${index}`);
  const { segment, offset } = found;
  return { segment, offset: offset + 8 + index * step, kind: PointerType.STRUCT, high: sizes };
}

function sourceAt(segment: Segment, offset: number): Source | undefined {
  checkRange(segment, offset, 8);
  const target = follow(segment, offset);
  return target && { segment: target.segment, offset: target.offset, kind: kindOf(target.low), high: target.high };
}

function copyContent(source: Source, near: BuildSegment, depth: number): Content | undefined {
  if (depth <= 0) throw new CapnpPayloadError('CAPNP_LIMIT', 'what is to be copied is nested too deep');
  const { kind, high } = source;
  if (kind === PointerType.STRUCT) {
    const dataBytes = checkStruct(source);
    return copyStructs(source, near, depth, { count: 1, dataBytes, pointers: high >>> 16, tagged: false, high });
  }
  if (kind === PointerType.LIST) return copyList(source, near, depth);
  if (kind !== PointerType.OTHER) throw invalid('a pointer has no content');
  const client = source.segment.message._capnp.capTable?.[high];
  return client ? { segment: near, offset: 0, kind, high: near.message.addCap(client) } : undefined;
}

function copyList(source: Source, near: BuildSegment, depth: number): Content {
  const element = source.high & 7;
  const count = source.high >>> 3;
  if (element === ListElementSize.COMPOSITE) {
    const structs = checkStructs(source);
    const high = structs.count * structs.step + element;
    return copyStructs(source, near, depth, { ...structs, tagged: true, high });
  }
  if (element === ListElementSize.POINTER) {
    return copyStructs(source, near, depth, { count, dataBytes: 0, pointers: 1, tagged: false, high: source.high });
  }
  const bytes = Math.ceil((count * (ELEMENT_BITS[element] as number)) / 8);
  checkRange(source.segment, source.offset, bytes);
  charge(source.segment, bytes + 8, element === ListElementSize.VOID ? count * 8 : 0);
  const segment = near.roomFor(padded(bytes));
  const offset = segment.take(bytes);
  fill(segment.view(offset, bytes), source.segment, source.offset);
  return { segment, offset, kind: PointerType.LIST, high: source.high };
}

interface Structs {
  readonly count: number;
  readonly dataBytes: number;
  readonly pointers: number;
  /** Whether a tag word is before them. */
  readonly tagged: boolean;
  /** The upper half of a pointer to them. */
  readonly high: number;
}

/** Copies structs in a row; a struct by itself is a row of one, and pointers in a list are structs of one pointer. */
function copyStructs(source: Source, near: BuildSegment, depth: number, structs: Structs): Content {
  const { count, dataBytes, pointers, tagged, high } = structs;
  const step = dataBytes + 8 * pointers;
  const start = tagged ? 8 : 0;
  const bytes = start + count * step;
  checkRange(source.segment, source.offset, bytes);
  charge(source.segment, bytes + 8, tagged ? count * STRUCT_COST : 0);
  const segment = near.roomFor(bytes);
  const offset = segment.take(bytes);
  if (start + dataBytes > 0) fill(segment.view(offset, bytes), source.segment, source.offset);
  // As it was checked: shared memory may have changed since.
  if (tagged) segment.setWord(offset, count * 4, structSizes(dataBytes, pointers));
  for (let i = 0; pointers > 0 && i < count; i++) {
    const first = start + i * step + dataBytes;
    for (let place = first; place < first + 8 * pointers; place += 8) {
      segment.setWord(offset + place, 0, 0);
      const found = sourceAt(source.segment, source.offset + place);
      const content = found && copyContent(found, segment, depth - 1);
      if (content !== undefined) link(segment, offset + place, content);
    }
  }
  return { segment, offset, kind: source.kind, high };
}

/** Bytes of a struct's data, when all of the struct is in its segment. */
function checkStruct({ segment, offset, high }: Source): number {
  const bytes = (high & 0xffff) * 8;
  checkRange(segment, offset, bytes + 8 * (high >>> 16));
  return bytes;
}

/** Reads the tag of a list of structs, when all of them are in the segment. */
function checkStructs({ segment, offset, kind, high }: Source) {
  if (kind !== PointerType.LIST || (high & 7) !== ListElementSize.COMPOSITE)
    throw invalid('this is no list of structs');
  const announced = (high >>> 3) * 8;
  checkRange(segment, offset, announced + 8);
  const tag = segment.getInt32(offset);
  const sizes = segment.getUint32(offset + 4);
  const count = tag >> 2;
  const dataBytes = (sizes & 0xffff) * 8;
  const pointers = sizes >>> 16;
  const step = dataBytes + 8 * pointers;
  if ((tag & 3) !== PointerType.STRUCT || count < 0 || count * step > announced) {
    throw invalid(`${count} structs of ${step} bytes do not fit into a list of ${announced} bytes`);
  }
  return { count, sizes, dataBytes, pointers, step };
}

function checkRange(segment: Segment, offset: number, bytes: number): void {
  if (offset >= 0 && offset + bytes <= segment.byteLength) return;
  throw invalid(`${bytes} bytes at ${offset} leave segment ${segment.id} of ${segment.byteLength} bytes`);
}

/** Fills memory from a segment, which slice borders may cut. */
function fill(memory: Uint8Array, from: Segment, offset: number): void {
  const received = readSegment(from);
  if (received === undefined) {
    if (memory.byteLength > 0) memory.set(bytesAt(from, offset, memory.byteLength));
    return;
  }
  received.state.payload.ledger.count('copy', memory.byteLength);
  joinInto(memory, received.slices(offset, memory.byteLength));
}

/**
 * Many pointers may lead to the same bytes, or to themselves. Of a received message `cost` is charged if that is more:
 * elements without size are no bytes yet, but become some when the copy is read with a class that gives them a size.
 */
function charge(segment: Segment, bytes: number, cost: number): void {
  left -= bytes;
  if (left < 0) throw new CapnpPayloadError('CAPNP_LIMIT', 'what is to be copied has pointers that share bytes');
  readSegment(segment)?.state.charge(Math.max(bytes, cost));
}
