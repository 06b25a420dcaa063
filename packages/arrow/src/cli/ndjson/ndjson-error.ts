// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZenohError } from '@zenoh-segments/core';

/** Text that is no newline-delimited JSON, or a value that does not have its column's type. */
export class NdjsonError extends ZenohError<'NDJSON_INVALID'> {
  override readonly name = 'NdjsonError';

  constructor(message: string, options?: { cause?: unknown }) {
    super('NDJSON_INVALID', message, options);
  }
}
