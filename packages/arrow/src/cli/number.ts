// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { InvalidArgumentError } from 'commander';

/** A flag's value that is 1 or more, whole. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number from 1.');
  }
  return value;
}

/** Such a value that is not above `most`. */
export function positiveIntegerTo(most: number): (text: string) => number {
  return (text) => {
    const value = positiveInteger(text);
    if (value > most) throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
    return value;
  };
}

/** A flag's value above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It must be a number above 0.');
  }
  return value;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

/** A flag's value in bytes, such as 500k, 20M or 2G. */
export function byteCount(text: string): number {
  const [, digits, unit] = /^(\d+)([kMG]?)$/.exec(text) ?? [];
  const value = Number(digits) * (UNITS[unit ?? ''] as number);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number of bytes from 1, such as 500k, 20M or 2G.');
  }
  return value;
}

/** A flag's value from 0. */
export function notNegative(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('It must be a number from 0.');
  }
  return value;
}
