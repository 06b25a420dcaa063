// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZBytes } from '@zenoh-segments/core';
import { BYTES_OF_TAG, LONGEST_RUN, tagOf } from './tag.js';
import { wholeWords } from './whole-words.js';

/** A word alone can become its tag, eight bytes and a count of 0. */
const LARGEST_WORD = 10;
/** A word is written whole, and its end overwritten by what follows: also after the last one. */
const SLACK = 8;
/** A word with at most one zero byte is cheaper in a run of words that are copied as they are. */
const DENSE = 7;

/**
 * Packs a message's segments, its header first, into a payload of one segment in new memory. The bytes are those that
 * the C++ library writes: no run crosses the border of a segment, on which its reader insists between header and
 * segments. (None crosses the border of a piece either, where a segment comes in several: adopted data and its padding,
 * or what a network has cut.)
 *
 * Counted as `convert`: the packed length, and once more when less than half of the memory allocated for the worst case
 * was needed, and the bytes were moved into memory of their size.
 *
 * Follows https://capnproto.org/encoding.html#packing
 */
export function packPayload(segments: readonly Uint8Array[]): ZBytes {
  const length = segments.reduce((sum, segment) => sum + segment.byteLength, 0);
  const memory = new Uint8Array((length / 8) * LARGEST_WORD + SLACK);
  let end = 0;
  for (const words of wholeWords(segments)) end = packWords(words, memory, end);
  const isLoose = end * 2 < memory.length;
  const payload = new ZBytes(isLoose ? memory.slice(0, end) : memory.subarray(0, end));
  payload.ledger.count('convert', isLoose ? 2 * end : end);
  return payload;
}

/** Packs `words` into `memory` from `at` on, and tells where they end. */
function packWords(words: Uint8Array, memory: Uint8Array, at: number): number {
  const source = new DataView(words.buffer, words.byteOffset, words.byteLength);
  const end = words.byteLength;
  let from = 0;
  let to = at;
  while (from < end) {
    const low = source.getInt32(from, true);
    const high = source.getInt32(from + 4, true);
    from += 8;
    if ((low | high) === 0) {
      const next = zeroRunEnd(source, from);
      memory[to] = 0;
      memory[to + 1] = (next - from) / 8;
      to += 2;
      from = next;
      continue;
    }
    const tag = tagOf(low, high);
    memory[to++] = tag;
    // Every byte is written, and the next one over it if it was zero: faster than asking.
    memory[to] = low;
    to += tag & 1;
    memory[to] = low >>> 8;
    to += (tag >> 1) & 1;
    memory[to] = low >>> 16;
    to += (tag >> 2) & 1;
    memory[to] = low >>> 24;
    to += (tag >> 3) & 1;
    if (high === 0) continue;
    memory[to] = high;
    to += (tag >> 4) & 1;
    memory[to] = high >>> 8;
    to += (tag >> 5) & 1;
    memory[to] = high >>> 16;
    to += (tag >> 6) & 1;
    memory[to] = high >>> 24;
    to += tag >> 7;
    if (tag !== 0xff) continue;
    const next = denseRunEnd(source, from);
    memory[to++] = (next - from) / 8;
    memory.set(words.subarray(from, next), to);
    to += next - from;
    from = next;
  }
  return to;
}

function zeroRunEnd(source: DataView, from: number): number {
  const last = Math.min(source.byteLength, from + 8 * LONGEST_RUN);
  let at = from;
  while (at < last && (source.getInt32(at, true) | source.getInt32(at + 4, true)) === 0) at += 8;
  return at;
}

function denseRunEnd(source: DataView, from: number): number {
  const last = Math.min(source.byteLength, from + 8 * LONGEST_RUN);
  let at = from;
  while (at < last && nonZeroBytes(source, at) >= DENSE) at += 8;
  return at;
}

function nonZeroBytes(source: DataView, at: number): number {
  return BYTES_OF_TAG[tagOf(source.getInt32(at, true), source.getInt32(at + 4, true))] as number;
}
