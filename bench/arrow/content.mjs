// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// What the tables hold, and what reading them must give. The Python peer (pyarrow_peer.py) makes and sums the same.
import { Field, Float64, Int32, makeData, RecordBatch, Schema, Struct, Table, Utf8 } from 'apache-arrow';

const schema = new Schema([new Field('d', new Float64()), new Field('i', new Int32()), new Field('s', new Utf8())]);

/** A column of doubles, one of integers, one of texts of 8 bytes. @param {number} rows */
export function tableOf(rows) {
  const texts = new TextEncoder().encode(Array.from({ length: rows }, (_, i) => textOf(i)).join(''));
  const children = [
    makeData({ type: new Float64(), data: Float64Array.from({ length: rows }, (_, i) => i / 8) }),
    makeData({ type: new Int32(), data: Int32Array.from({ length: rows }, (_, i) => i) }),
    makeData({ type: new Utf8(), data: texts, valueOffsets: Int32Array.from({ length: rows + 1 }, (_, i) => i * 8) }),
  ];
  return new Table(new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows, children })));
}

/** @param {number} row */
const textOf = (row) => `r${String(row).padStart(7, '0')}`;

/** Reads the numbers whole, and of the texts the lengths and the last. @param {Table} table */
export function touch({ batches, numRows }) {
  let sum = 0;
  for (const { data } of batches) {
    const [doubles, integers, texts] = data.children;
    for (const value of doubles?.values ?? []) sum += value;
    for (const value of integers?.values ?? []) sum += value;
    sum += (texts?.valueOffsets[texts.length] ?? 0) - (texts?.valueOffsets[0] ?? 0);
  }
  const last = batches.at(-1)?.getChild('s');
  return sum + Number(last?.get(last.length - 1).slice(1)) + numRows;
}

/** @param {number} rows */
export const touchSum = (rows) => (rows * (rows - 1)) / 16 + (rows * (rows - 1)) / 2 + 8 * rows + (rows - 1) + rows;

/** Bytes of the values of a row, text offsets included. */
export const ROW_BYTES = 24;
