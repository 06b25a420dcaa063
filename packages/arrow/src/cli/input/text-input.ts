// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { RecordBatch } from 'apache-arrow';
import type { Alloc } from '../../file/index.js';
import type { Memory } from '../pub/memory.js';
import type { InputBatch } from './batch.js';
import type { Source } from './source.js';

/** Rows that decide the types of a file; of a pipe, which may bring them slowly, it is those of the first batch. */
export const INFER_ROWS = 10_000;

/** The batches of a text, built in native memory: the values are written once, to where they are sent from. */
export async function* textBatches(
  source: Source,
  memory: Memory,
  read: (chunks: AsyncIterable<Uint8Array>, options: { alloc: Alloc; inferRows: number }) => AsyncIterable<RecordBatch>,
): AsyncGenerator<InputBatch> {
  const { size } = source;
  try {
    const options = { alloc: (bytes: number) => memory.take(bytes), inferRows: size === undefined ? 0 : INFER_ROWS };
    for await (const batch of read(source.chunks(), options)) {
      yield { batch, native: true, done: size === undefined ? undefined : source.given / size };
      memory.release();
    }
  } finally {
    memory.release();
  }
}
