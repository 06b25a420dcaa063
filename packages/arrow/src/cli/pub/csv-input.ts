// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Ledger, ZBytes } from '@zenoh-segments/core';
import { layoutBatch, writeBatch } from '../../encode/encode.js';
import { type CsvOptions, readCsv } from '../csv/index.js';
import type { InputBatch } from './batch.js';
import type { Memory } from './memory.js';

/** The batches of CSV text, written once into native memory, counted: from there any thread may send it. */
export async function* csvBatches(
  chunks: AsyncIterable<Uint8Array>,
  memory: Memory,
  options: CsvOptions,
): AsyncGenerator<InputBatch> {
  for await (const batch of readCsv(chunks, options)) {
    await memory.ready();
    try {
      const layout = layoutBatch(batch);
      const chunk = memory.take(layout.byteLength);
      const copies = new Ledger();
      writeBatch(chunk, layout, copies);
      const payload = ZBytes.fromSegments([chunk]);
      copies.attach(payload.ledger);
      yield { payload, rows: batch.numRows };
    } finally {
      memory.release();
    }
  }
}
