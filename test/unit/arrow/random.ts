// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Whole numbers below a bound, the same ones for the same seed (a 32-bit xorshift). */
export function random(seed: number): (below: number) => number {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
