// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/**
 * 64-bit words of another input, `most` at most, between those of this one or in the place of some.
 *
 * @param below gives a number from 0 on below another
 */
export function splice(
  bytes: Uint8Array,
  other: Uint8Array,
  most: number,
  below: (limit: number) => number,
): Uint8Array {
  const words = 1 + below(Math.max(1, Math.min(most, other.length >> 3)));
  const from = 8 * below(Math.max(1, (other.length >> 3) - words + 1));
  const part = other.subarray(from, from + 8 * words);
  const to = 8 * below((bytes.length >> 3) + 1);
  if (below(2) === 0) return Uint8Array.from(Buffer.concat([bytes.subarray(0, to), part, bytes.subarray(to)]));
  bytes.set(part.subarray(0, bytes.length - to), to);
  return bytes;
}
