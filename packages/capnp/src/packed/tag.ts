// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** The longest run of words that follows a tag of 0x00 or 0xff: the byte after it counts them. */
export const LONGEST_RUN = 255;

/** The number of bytes that follow each tag: one for each of its bits. */
export const BYTES_OF_TAG = Uint8Array.from({ length: 256 }, (_, tag) => {
  let bits = 0;
  for (let rest = tag; rest !== 0; rest >>= 1) bits += rest & 1;
  return bits;
});

/** A word's tag, from its halves read as little endian: bit i tells whether byte i differs from zero. */
export function tagOf(low: number, high: number): number {
  return tagOfHalf(low) | (tagOfHalf(high) << 4);
}

/** Moves each byte into its own top bit, if it is not zero, and gathers the four bits by one multiplication. */
function tagOfHalf(half: number): number {
  const notZero = (((half & 0x7f7f7f7f) + 0x7f7f7f7f) | half) >>> 7;
  return Math.imul(notZero & 0x01010101, 0x10204080) >>> 28;
}
