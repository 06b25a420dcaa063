// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect } from '@jest/globals';
import { ArrowPayloadError, decodeBatches } from '@zenoh-segments/arrow';
import type { ZBytes } from '@zenoh-segments/core';
import { type RecordBatch, tableFromIPC } from 'apache-arrow';

/** The one batch of a payload, which our reader takes for valid in full and stock apache-arrow reads the same. */
export function opened(payload: ZBytes): RecordBatch {
  const [batch, ...more] = decodeBatches(payload, { validate: 'full' });
  expect(more).toEqual([]);
  expect(rowsOf(tableFromIPC(payload.toBytes().slice()).batches[0] as RecordBatch)).toEqual(rowsOf(batch!));
  return batch!;
}

export function rowsOf(batch: RecordBatch): unknown[] {
  return [...batch].map((row) => row.toJSON());
}

export function refusal(run: () => unknown): Pick<ArrowPayloadError, 'code' | 'message'> {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ArrowPayloadError)) throw error;
    return { code: error.code, message: error.message };
  }
  throw new Error('nothing was refused');
}
