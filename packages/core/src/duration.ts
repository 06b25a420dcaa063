// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Duration } from 'typed-duration';
import { CoreError } from './errors.js';

/** A time span: milliseconds as a number, or a `Duration`. */
export type IntoDuration = Parameters<typeof Duration.milliseconds.from>[0];

/** @throws {CoreError} `INVALID_ARGUMENT` for what is no time span at all */
export function milliseconds(value: IntoDuration, name: string): number {
  try {
    return Duration.milliseconds.from(value);
  } catch (cause) {
    throw new CoreError('INVALID_ARGUMENT', `${String(value)} is not a valid ${name}`, { cause });
  }
}
