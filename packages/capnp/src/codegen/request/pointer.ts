// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CodegenError } from '../codegen-error.js';

/** Bits of each element, by the three bits of a list pointer; a pointer and a struct list are told apart. */
const ELEMENT_BITS = [0, 1, 8, 16, 32, 64, 64] as const;
export const VOIDS = 0;
export const POINTERS = 6;
export const STRUCTS = 7;

/** Where a pointer is: a segment, and a byte offset in it. */
export interface Place {
  readonly segment: DataView;
  readonly at: number;
}

/** Words of a list that is not one of structs, from the second half of its pointer. */
export function wordsOfList(high: number): number {
  return Math.ceil(((high >>> 3) * (ELEMENT_BITS[high & 7] ?? 0)) / 64);
}

/** What a pointer leads to, and the two halves that say what that is; undefined for none and for capabilities. */
export function followFar(segments: readonly DataView[], { segment, at }: Place) {
  const low = segment.getUint32(at, true);
  const high = segment.getUint32(at + 4, true);
  if ((low | high) === 0 || (low & 3) === 3) return undefined;
  if ((low & 3) !== 2) return { segment, at: at + 8 + 8 * (low >> 2), low, high };
  const isDouble = (low & 4) !== 0;
  const pad = placeIn(segments, high, 8 * (low >>> 3), isDouble ? 2 : 1);
  const padLow = pad.segment.getUint32(pad.at, true);
  const padHigh = pad.segment.getUint32(pad.at + 4, true);
  if (isDouble) {
    if ((padLow & 7) !== 2) throw invalid('a far pointer leads to no far pointer');
    const target = placeIn(segments, padHigh, 8 * (padLow >>> 3), 0);
    return {
      ...target,
      low: pad.segment.getUint32(pad.at + 8, true) & 3,
      high: pad.segment.getUint32(pad.at + 12, true),
    };
  }
  if ((padLow & 3) === 2) throw invalid('a far pointer leads to another one');
  if ((padLow & 3) === 3) return undefined;
  return { segment: pad.segment, at: pad.at + 8 + 8 * (padLow >> 2), low: padLow, high: padHigh };
}

export function placeIn(segments: readonly DataView[], id: number, at: number, words: number): Place {
  const segment = segments[id];
  if (segment === undefined) throw invalid(`a pointer leads to segment ${id}, which is not there`);
  inside(segment, at, words);
  return { segment, at };
}

export function inside(segment: DataView, at: number, words: number): void {
  if (at < 0 || at + 8 * words > segment.byteLength) throw invalid('a pointer leads out of its segment');
}

export function invalid(why: string): CodegenError {
  return new CodegenError('REQUEST_INVALID', `the bytes are no CodeGeneratorRequest: ${why}`);
}
