// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { InvalidArgumentError } from 'commander';

/** A flag's value that is 1 or more, whole. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError(
      'It must be a whole number from 1. A path goes before an option whose value may be left out.',
    );
  }
  return value;
}

/** A flag's value above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It must be a number above 0.');
  }
  return value;
}
