// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZenohError } from '@zenoh-segments/core';

/** Bytes that are no Parquet file, or one that claims too much. */
export class ParquetError extends ZenohError<'PARQUET_INVALID'> {
  override readonly name = 'ParquetError';

  constructor(message: string, options?: { cause?: unknown }) {
    super('PARQUET_INVALID', message, options);
  }
}
