// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Schema, TypeMap } from 'apache-arrow';
import { ArrowPayloadError } from '../../errors.js';
import type { TableSample } from '../../topic/index.js';

/** What a sample holds, or why it is no table. */
export type Peeked =
  | { readonly schema: Schema; readonly rows: number; readonly error?: undefined }
  | { readonly schema?: undefined; readonly rows?: undefined; readonly error: ArrowPayloadError };

/** Looks at a sample, whoever sent it: verified as every payload is, no value copied unless a cut asks for it. */
export function peek(sample: TableSample<TypeMap>): Peeked {
  try {
    const { schema, batches } = sample;
    return { schema, rows: batches.reduce((rows, batch) => rows + batch.numRows, 0) };
  } catch (error) {
    if (error instanceof ArrowPayloadError) return { error };
    throw error;
  }
}
