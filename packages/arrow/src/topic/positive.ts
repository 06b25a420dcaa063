// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from '@zenoh-segments/core';

/** That every bound that is given is a number above 0. @throws {CoreError} `INVALID_ARGUMENT` */
export function checkPositive(bounds: object, of: string): void {
  for (const [name, value] of Object.entries(bounds)) {
    if (value === undefined || (typeof value === 'number' && value > 0)) continue;
    throw new CoreError('INVALID_ARGUMENT', `${String(value)} is not a valid \`${name}\` of ${of}`);
  }
}
