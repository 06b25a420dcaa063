// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from '../errors.js';

/** @throws CoreError `INVALID_ARGUMENT` unless `value` is a number. */
export function checkNumber(value: number): void {
  if (typeof value !== 'number') throw invalid('a number', value);
}

/** @throws CoreError `INVALID_ARGUMENT` unless `value` is a whole number that fits in `bits` bits (32 at most). */
export function checkInteger(value: number, bits: number, signed: boolean): void {
  const low = signed ? -(2 ** (bits - 1)) : 0;
  const high = 2 ** (signed ? bits - 1 : bits) - 1;
  if (!(Number.isInteger(value) && low <= value && value <= high)) {
    throw invalid(`a whole number from ${low} to ${high}`, value);
  }
}

/** @throws CoreError `INVALID_ARGUMENT` unless `value` is a bigint that fits in `bits` bits. */
export function checkBigInt(value: bigint, bits: number, signed: boolean): void {
  if (typeof value !== 'bigint') throw invalid('a bigint', value);
  if ((signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)) !== value) {
    throw invalid(`a bigint that fits in ${bits} bits, ${signed ? 'signed' : 'unsigned'}`, value);
  }
}

/** @throws CoreError `INVALID_ARGUMENT` unless `value` is a whole number. */
export function toBigInt(value: number): bigint {
  if (!Number.isInteger(value)) throw invalid('a whole number', value);
  return BigInt(value);
}

/** The error for a value that can't be serialized as asked. */
export function invalid(expected: string, value: unknown): CoreError {
  const shown = typeof value === 'number' || typeof value === 'bigint' ? String(value) : typeof value;
  return new CoreError('INVALID_ARGUMENT', `to be serialized here, a value must be ${expected}, not ${shown}`);
}
