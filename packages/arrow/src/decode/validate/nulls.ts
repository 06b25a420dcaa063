// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { invalid } from '../../errors.js';

/** Whether value `index` is not null. A column without nulls has no bitmap to speak of. */
export function isValid(validity: Uint8Array, index: number): boolean {
  return validity.byteLength === 0 || (((validity[index >>> 3] as number) >>> (index & 7)) & 1) === 1;
}

/** @throws {ArrowPayloadError} `ARROW_INVALID` when a bitmap of `length` bits has not exactly `nulls` zeros. */
export function checkNulls(validity: Uint8Array, length: number, nulls: number, name: string): void {
  let valid = 0;
  const whole = length >>> 3;
  for (let i = 0; i < whole; i++) valid += ones(validity[i] as number);
  if (length % 8 !== 0) valid += ones((validity[whole] as number) & ((1 << (length % 8)) - 1));
  if (length - valid !== nulls) throw invalid(`${nulls} nulls, and a bitmap of ${length - valid}`, name);
}

function ones(byte: number): number {
  const pairs = byte - ((byte >>> 1) & 0x55);
  const nibbles = (pairs & 0x33) + ((pairs >>> 2) & 0x33);
  return (nibbles + (nibbles >>> 4)) & 0x0f;
}
