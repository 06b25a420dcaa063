// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { PointerType } from 'capnp-es';
import { invalid } from '../errors.js';
import type { Segment } from '../stock.js';

const KIND = 3;
const DOUBLE_FAR = 4;

/** What a pointer leads to: content at `offset` of `segment`, as the two halves of the pointer's word describe it. */
export interface Target {
  segment: Segment;
  offset: number;
  low: number;
  high: number;
}

/** There is one: following a pointer is too frequent to make an object of it. It is read before the next `follow`. */
const target: Partial<Target> = {};

/**
 * Follows the pointer at `at`, over far pointers and their landing pads; undefined for null. That the content lies in
 * its segment is for the caller to check, who knows how long it is.
 *
 * Follows https://capnproto.org/encoding.html#inter-segment-pointers
 *
 * @throws {CapnpPayloadError} `CAPNP_INVALID` for a landing pad that is not there or is none.
 */
export function follow(from: Segment, at: number): Target | undefined {
  const low = from.getUint32(at);
  const high = from.getUint32(at + 4);
  if (low === 0 && high === 0) return undefined;
  if ((low & KIND) !== PointerType.FAR) return found(from, at + 8 + (low >> 2) * 8, low, high);

  const landing = from.message.getSegment(high);
  const pad = (low >>> 3) * 8;
  if ((low & DOUBLE_FAR) === 0) {
    inside(landing, pad, 8);
    const inner = landing.getUint32(pad);
    if ((inner & KIND) === PointerType.FAR) throw invalid('a far pointer leads to another far pointer');
    return found(landing, pad + 8 + (inner >> 2) * 8, inner, landing.getUint32(pad + 4));
  }
  inside(landing, pad, 16);
  const far = landing.getUint32(pad);
  if ((far & (KIND | DOUBLE_FAR)) !== PointerType.FAR) {
    throw invalid('the landing pad of a double far pointer does not start with a far pointer');
  }
  const content = landing.message.getSegment(landing.getUint32(pad + 4));
  const tag = landing.getUint32(pad + 8);
  if ((tag & KIND) === PointerType.FAR) throw invalid('the tag of a double far pointer is a far pointer');
  return found(content, (far >>> 3) * 8, tag, landing.getUint32(pad + 12));
}

/** The kind of pointer that `low` belongs to. */
export function kindOf(low: number): PointerType {
  return low & KIND;
}

function found(segment: Segment, offset: number, low: number, high: number): Target {
  target.segment = segment;
  target.offset = offset;
  target.low = low;
  target.high = high;
  return target as Target;
}

function inside(landing: Segment, pad: number, length: number): void {
  if (pad + length > landing.byteLength) throw invalid(`a far pointer leaves segment ${landing.id}`);
}
