// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { RecordBatch } from 'apache-arrow';
import { checkColumns } from '../columns/column-error.js';

/**
 * What of each batch is written: some columns, in the order they are named, and some rows.
 *
 * @param columns all unless given.
 * @param rows the first ones; all unless given.
 * @returns throws {ColumnError} `COLUMN_UNKNOWN` for a batch without one of the columns.
 */
export function selectorOf(
  columns: readonly string[] | undefined,
  rows: number | undefined,
): (batch: RecordBatch) => RecordBatch {
  return (batch) => {
    const selected = columns === undefined ? batch : withColumns(batch, columns);
    return rows !== undefined && selected.numRows > rows ? selected.slice(0, rows) : selected;
  };
}

function withColumns(batch: RecordBatch, columns: readonly string[]): RecordBatch {
  const names = batch.schema.fields.map((field) => field.name);
  checkColumns(columns, names);
  return batch.selectAt(columns.map((name) => names.indexOf(name)));
}
