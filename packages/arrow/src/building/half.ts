// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** The least number that is rounded to infinity. */
const BEYOND = 65_520;
/** Powers of two below this one share their steps: there are no leading bits to tell them apart. */
const LEAST_EXPONENT = -14;
const FRACTION_BITS = 10;
/** Added and taken off again, it rounds a double to a whole number, and a half to the even one. */
const ROUNDER = 2 ** 52;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/**
 * The 16 bits of the half that is nearest to a number (IEEE 754: of two, the even one; too much is infinity, too little 0).
 * apache-arrow's own function gives other numbers outside the range of halves, and rounds up between two.
 */
export function halfOf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  double[0] = value;
  const high = words[1] as number;
  const sign = (high >>> 16) & 0x8000;
  const size = Math.abs(value);
  if (size >= BEYOND) return sign | 0x7c00;
  const exponent = Math.max(((high >>> 20) & 0x7ff) - 1023, LEAST_EXPONENT);
  const steps = size * 2 ** (FRACTION_BITS - exponent) + ROUNDER - ROUNDER;
  // The leading bit of the steps counts one exponent up, and so do steps that were rounded up to the next power.
  return sign | (((exponent - LEAST_EXPONENT) << FRACTION_BITS) + steps);
}
