// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CapnpPayloadError } from '../errors.js';
import { BYTES_OF_TAG, LONGEST_RUN } from './tag.js';

/** The most that one tag stands for, in bytes. */
export const LARGEST_ITEM = 8 * (LONGEST_RUN + 1);
/** A tag, eight bytes and a count: so far from the end no byte of one tag has to be looked for. */
const NEAR_END = 10;

/**
 * Half a word from the bytes of its half of a tag, read as one number: for tag t, a byte that moves up by s bytes is in
 * the mask at 4 * t + s.
 */
const SPREAD = Int32Array.from({ length: 64 }, (_, index) => {
  const tag = index >> 2;
  const shift = index & 3;
  let mask = 0;
  let taken = 0;
  for (let byte = 0; byte < 4; byte++) {
    if (((tag >> byte) & 1) === 0) continue;
    if (byte - taken === shift) mask |= 0xff << (8 * byte);
    taken++;
  }
  return mask;
});

/**
 * Unpacks into `memory`, which is zero, until `enough` bytes are there; tells where in `packed` it stopped. `memory` may
 * have more room, for what the last tag brings beyond `enough`. Both are whole words.
 *
 * @throws {CapnpPayloadError} `CAPNP_TRUNCATED` when `packed` ends first, `CAPNP_INVALID` for a run that leaves `memory`.
 */
export function unpackWords(packed: Uint8Array, memory: Uint8Array, enough: number): number {
  const source = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const target = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  const safe = packed.byteLength - NEAR_END;
  let from = 0;
  let to = 0;
  while (to < enough && from < safe) {
    const tag = packed[from++] as number;
    if (tag === 0) {
      to += 8 + 8 * (packed[from++] as number);
      continue;
    }
    const low = source.getInt32(from, true);
    const high = source.getInt32(from + (BYTES_OF_TAG[tag & 15] as number), true);
    target.setInt32(to, spread(low, (tag & 15) << 2), true);
    target.setInt32(to + 4, spread(high, (tag >> 4) << 2), true);
    from += BYTES_OF_TAG[tag] as number;
    to += 8;
    if (tag === 0xff) {
      const run = 8 * (packed[from++] as number);
      if (run > 0) {
        copyRun(packed, from, run, memory, to);
        from += run;
        to += run;
      }
    }
  }
  if (to < enough) return unpackEnd(packed, from, memory, to, enough);
  if (to > memory.byteLength) throw tooLong(memory);
  return from;
}

/** The same where any byte may be the last. */
function unpackEnd(packed: Uint8Array, start: number, memory: Uint8Array, at: number, enough: number): number {
  let from = start;
  let to = at;
  const next = () => {
    if (from < packed.byteLength) return packed[from++] as number;
    throw truncated(packed, to);
  };
  while (to < enough) {
    const tag = next();
    for (let byte = 0; byte < 8; byte++) {
      if ((tag >> byte) & 1) memory[to + byte] = next();
    }
    to += 8;
    if (tag !== 0 && tag !== 0xff) continue;
    const run = 8 * next();
    if (tag === 0xff) {
      copyRun(packed, from, run, memory, to);
      from += run;
    }
    to += run;
  }
  if (to > memory.byteLength) throw tooLong(memory);
  return from;
}

/** Moves up each byte by the masks from `mask` on, and drops those that belong to the next half or word. */
function spread(bytes: number, mask: number): number {
  return (
    (bytes & (SPREAD[mask] as number)) |
    ((bytes << 8) & (SPREAD[mask + 1] as number)) |
    ((bytes << 16) & (SPREAD[mask + 2] as number)) |
    ((bytes << 24) & (SPREAD[mask + 3] as number))
  );
}

function copyRun(packed: Uint8Array, from: number, run: number, memory: Uint8Array, to: number): void {
  if (from + run > packed.byteLength) throw truncated(packed, to);
  if (to + run > memory.byteLength) throw tooLong(memory);
  memory.set(packed.subarray(from, from + run), to);
}

function truncated(packed: Uint8Array, to: number): CapnpPayloadError {
  const what = `${packed.byteLength} packed bytes end in the word after ${to} unpacked bytes`;
  return new CapnpPayloadError('CAPNP_TRUNCATED', `no complete Cap'n Proto message: ${what}`);
}

function tooLong(memory: Uint8Array): CapnpPayloadError {
  return new CapnpPayloadError(
    'CAPNP_INVALID',
    `the packed bytes hold more than the ${memory.byteLength} of their frame`,
  );
}
