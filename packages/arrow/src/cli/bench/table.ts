// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, Field, Float64, Int32, Int64, makeData, RecordBatch, Schema, Struct, Utf8 } from 'apache-arrow';
import { layoutBatch } from '../../encode/encode.js';
import type { PayloadLayout } from '../../encode/layout.js';

/** How large a table is to be. */
export type TableSize = { readonly rows: number } | { readonly bytes: number };

const NAME_BYTES = 9;
const ROW_BYTES = 8 + 4 + 8 + 4 + NAME_BYTES;

const SCHEMA = new Schema([
  new Field('time', new Int64(), false),
  new Field('id', new Int32(), false),
  new Field('value', new Float64(), false),
  new Field('name', new Utf8(), false),
]);

/** The column that the receiver may sum. */
export const SUMMED = 2;

/** A table to send, not written anywhere yet. */
export interface BenchTable {
  readonly rows: number;
  readonly layout: PayloadLayout;
}

/** The same values each time. A table of so many bytes may be smaller, by up to a row, and is never empty. */
export function benchTable(size: TableSize): BenchTable {
  const rows = 'rows' in size ? size.rows : rowsIn(size.bytes);
  return { rows, layout: layoutBatch(batchOf(rows)) };
}

/** Metadata and padding hardly depend on the rows. */
function rowsIn(bytes: number): number {
  const overhead = layoutBatch(batchOf(1)).byteLength - ROW_BYTES;
  return Math.max(1, Math.floor((bytes - overhead) / ROW_BYTES));
}

function batchOf(rows: number): RecordBatch {
  const times = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i) * 1000n);
  const ids = Int32Array.from({ length: rows }, (_, i) => i % 1000);
  const values = Float64Array.from({ length: rows }, (_, i) => (i % 8191) / 8);
  const offsets = Int32Array.from({ length: rows + 1 }, (_, i) => i * NAME_BYTES);
  const names = new Uint8Array(rows * NAME_BYTES);
  for (let i = 0; i < rows; i++)
    Buffer.from(names.buffer).write(`sensor-${String(i % 100).padStart(2, '0')}`, i * NAME_BYTES, 'latin1');
  const columns: Data[] = [
    makeData({ type: new Int64(), length: rows, data: times }),
    makeData({ type: new Int32(), length: rows, data: ids }),
    makeData({ type: new Float64(), length: rows, data: values }),
    makeData({ type: new Utf8(), length: rows, valueOffsets: offsets, data: names }),
  ];
  return new RecordBatch(SCHEMA, makeData({ type: new Struct(SCHEMA.fields), length: rows, children: columns }));
}
