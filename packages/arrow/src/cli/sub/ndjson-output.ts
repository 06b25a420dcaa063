// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { RecordBatch, Vector } from 'apache-arrow';
import { jsonString, jsonWriter } from './json-value.js';
import type { Output } from './output.js';
import type { Sink } from './sink.js';

/** Rows turned into text before they are written: bounds the memory. */
const ROWS_AT_ONCE = 4096;

/** One JSON object for each row, on a line of its own. */
export class NdjsonOutput implements Output {
  readonly #sink: Sink;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  async sample(_key: string, batches: readonly RecordBatch[]): Promise<void> {
    for (const batch of batches) {
      const columns = batch.schema.fields.map((field, i) => {
        const vector = batch.getChildAt(i) as Vector;
        const write = jsonWriter(field.type);
        const name = jsonString(field.name);
        return (row: number) => `${name}:${write(vector.get(row))}`;
      });
      for (let start = 0; start < batch.numRows; start += ROWS_AT_ONCE) {
        const end = Math.min(start + ROWS_AT_ONCE, batch.numRows);
        let text = '';
        for (let row = start; row < end; row++) text += `{${columns.map((column) => column(row)).join(',')}}\n`;
        await this.#sink.write([text]);
      }
    }
  }

  async end(): Promise<void> {}
}
