// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readFileSync } from 'node:fs';
import { type RecordBatch, tableFromIPC, type Vector } from 'apache-arrow';
import { parse } from 'csv-parse/sync';

/** An input as others read it: stock apache-arrow, or the CSV library. What arrives must equal it. */
export interface Reference {
  readonly rows: number;
  /**
   * Compares every value of a batch with the rows from `start` on.
   *
   * @returns how many values were compared.
   * @throws {Error} at the first that differs.
   */
  compare(batch: RecordBatch, start: number): number;
}

export function referenceOf(file: string): Reference {
  return file.endsWith('.csv') ? csvReference(file) : arrowReference(file);
}

function arrowReference(file: string): Reference {
  const table = tableFromIPC(readFileSync(file));
  const columns = table.schema.fields.map((field, i) => [field.name, table.getChildAt(i) as Vector] as const);
  return {
    rows: table.numRows,
    compare: (batch, start) =>
      compareAll(
        batch,
        columns.map(([name]) => name),
        (column, row, value) => {
          const expected: unknown = columns[column]?.[1].get(start + row);
          return Object.is(value, expected) ? undefined : String(expected);
        },
      ),
  };
}

function csvReference(file: string): Reference {
  const [names, ...records] = parse(readFileSync(file)) as [string[], ...string[][]];
  return {
    rows: records.length,
    compare: (batch, start) =>
      compareAll(batch, names, (column, row, value) => {
        const text = records[start + row]?.[column];
        return text !== undefined && sameAsText(value, text) ? undefined : `'${text}'`;
      }),
  };
}

/** A number equals every way to write it: `7.50` is 7.5. */
function sameAsText(value: unknown, text: string): boolean {
  if (value === null) return text === '';
  return typeof value === 'number' ? value === Number(text) : String(value) === text;
}

function compareAll(
  batch: RecordBatch,
  names: readonly string[],
  expectation: (column: number, row: number, value: unknown) => string | undefined,
): number {
  if (batch.numCols !== names.length) throw new Error(`${batch.numCols} columns came instead of ${names.length}`);
  batch.schema.fields.forEach(({ name }, column) => {
    if (name !== names[column]) throw new Error(`column '${name}' came instead of '${names[column]}'`);
    const vector = batch.getChildAt(column) as Vector;
    for (let row = 0; row < batch.numRows; row++) {
      const value: unknown = vector.get(row);
      const expected = expectation(column, row, value);
      if (expected !== undefined) throw new Error(`column '${name}', row ${row}: ${value} came instead of ${expected}`);
    }
  });
  return batch.numRows * batch.numCols;
}
