// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZenohError } from '@zenoh-segments/core';

/** Text that is no CSV, or a value that does not have its column's type. */
export class CsvError extends ZenohError<'CSV_INVALID'> {
  override readonly name = 'CsvError';

  constructor(message: string, options?: { cause?: unknown }) {
    super('CSV_INVALID', message, options);
  }
}
