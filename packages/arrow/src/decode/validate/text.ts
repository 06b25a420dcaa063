// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { invalid } from '../../errors.js';
import type { Offsets } from '../../types.js';
import { isValid } from './nulls.js';

/** Text is decoded in pieces of this size, of which nothing is kept. */
const PIECE_BYTES = 64 * 1024;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Whether the bytes [start, end) are well-formed UTF-8. */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] as number) < 0x80) at++;
  if (at === end) return true;
  try {
    while (at < end) {
      const stop = Math.min(at + PIECE_BYTES, end);
      const cut = stop === end ? end : startOfCharacter(bytes, stop);
      decoder.decode(bytes.subarray(at, cut));
      at = cut;
    }
    return true;
  } catch {
    return false;
  }
}

/** Where the character starts that the byte at `at` belongs to; a character has four bytes at most. */
function startOfCharacter(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > at - 3 && ((bytes[start] as number) & 0xc0) === 0x80) start--;
  return start;
}

/**
 * Looks at all values together first, then, when bytes that belong to no value may be to blame, at each.
 *
 * @param offsets were checked: they rise and end inside `bytes`.
 * @throws {ArrowPayloadError} `ARROW_INVALID` when a value that is not null is not UTF-8.
 */
export function checkText(bytes: Uint8Array, offsets: Offsets, validity: Uint8Array, name: string): void {
  const count = offsets.length - 1;
  const begin = Number(offsets[0]);
  const end = Number(offsets[count]);
  if (isUtf8(bytes, begin, end) && startsAreWhole(bytes, offsets, end)) return;
  for (let i = 0; i < count; i++) {
    if (isValid(validity, i) && !isUtf8(bytes, Number(offsets[i]), Number(offsets[i + 1]))) {
      throw invalid(`the text of value ${i} is not UTF-8`, name);
    }
  }
}

/** Whether no value starts inside a character. */
function startsAreWhole(bytes: Uint8Array, offsets: Offsets, end: number): boolean {
  for (let i = 0; i < offsets.length; i++) {
    const at = Number(offsets[i]);
    if (at < end && ((bytes[at] as number) & 0xc0) === 0x80) return false;
  }
  return true;
}
