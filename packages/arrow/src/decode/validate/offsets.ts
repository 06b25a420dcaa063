// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { invalid } from '../../errors.js';
import type { Offsets } from '../../types.js';

const FALLING = 'offsets that fall';

/**
 * The last of `length` + 1 offsets, after the first was checked as well.
 *
 * @throws {ArrowPayloadError} `ARROW_INVALID` when they start below 0, end before they start, or end beyond 2^53.
 */
export function checkEnds(offsets: Offsets, length: number, name: string): number {
  const first = Number(offsets[0]);
  const last = Number(offsets[length]);
  if (first < 0 || last < first) throw invalid(FALLING, name);
  if (!Number.isSafeInteger(last)) throw invalid('an offset beyond 2^53', name);
  return last;
}

/** @throws {ArrowPayloadError} `ARROW_INVALID` when the offsets start below 0 or fall, or one is beyond 2^53. */
export function checkOffsets(offsets: Offsets, length: number, name: string): void {
  if (offsets instanceof BigInt64Array) checkWide(offsets, length, name);
  else checkNarrow(offsets, length, name);
}

function checkNarrow(offsets: Int32Array, length: number, name: string): void {
  let last = 0;
  for (let i = 0; i <= length; i++) {
    const offset = offsets[i] as number;
    if (offset < last) throw invalid(FALLING, name);
    last = offset;
  }
}

/** By halves: comparing BigInts takes an object for each. */
function checkWide(offsets: BigInt64Array, length: number, name: string): void {
  const words = new Uint32Array(offsets.buffer, offsets.byteOffset, (length + 1) * 2);
  let last = 0;
  for (let i = 0; i < words.length; i += 2) {
    const high = words[i + 1] as number;
    if (high >= 2 ** 21) throw invalid(high >= 2 ** 31 ? FALLING : 'an offset beyond 2^53', name);
    const offset = high * 2 ** 32 + (words[i] as number);
    if (offset < last) throw invalid(FALLING, name);
    last = offset;
  }
}
