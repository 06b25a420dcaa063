// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Data, RecordBatch } from 'apache-arrow';
import { stringify } from 'csv-stringify/sync';
import { escapeControls } from '../escape.js';
import { typeText } from '../type-text.js';
import { cellText } from './cell-text.js';
import { OneSchema } from './one-schema.js';
import type { Output } from './output.js';
import type { Remainder } from './remainder.js';
import { MAX_ROW_CHARACTERS, RowGroup, rowText, tooLong } from './row-text.js';
import type { Sink } from './sink.js';
import { checkKeyName } from './with-key.js';

type Row = readonly (string | null)[];

/** CSV (RFC 4180, lines end with LF) with a header line. No value is an empty cell, an empty text is `""`. */
export class CsvOutput implements Output {
  readonly #sink: Sink;
  readonly #remainder: Remainder;
  readonly #keyName: string | undefined;
  readonly #schema = new OneSchema('CSV');

  constructor(sink: Sink, remainder: Remainder, keyName?: string) {
    this.#sink = sink;
    this.#remainder = remainder;
    this.#keyName = keyName;
  }

  async sample(key: string, batches: readonly RecordBatch[]): Promise<void> {
    const keyName = this.#keyName;
    for (const batch of batches) {
      checkKeyName(keyName, batch.schema);
      const names = batch.schema.fields.map((field) => field.name);
      const types = batch.schema.fields.map((field) => typeText(field.type));
      if (this.#schema.admit(key, Buffer.from(JSON.stringify([names, types])))) {
        await this.#write([keyName === undefined ? names : [keyName, ...names]]);
      }
      const cells = batch.schema.fields.map((field) => cellText(field.type));
      // A table without columns has no line for a row.
      if (cells.length === 0 && keyName === undefined) continue;
      const group = new RowGroup<Row>();
      for (let row = 0; row < batch.numRows; row++) {
        let characters = 0;
        const values = rowText(() =>
          cells.map((cell, i) => {
            const text = cell(batch.data.children[i] as Data, row);
            characters += text?.length ?? 0;
            if (characters > MAX_ROW_CHARACTERS) throw tooLong();
            return text;
          }),
        );
        if (!group.add(keyName === undefined ? values : [key, ...values], characters)) continue;
        const written = group.characters;
        await this.#write(group.take());
        await this.#remainder.spend(written, row + 1, batch.numRows);
      }
      await this.#write(group.take());
    }
  }

  async end(): Promise<void> {}

  async #write(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0 || rows[0]?.length === 0) return;
    const shown = this.#sink.terminal ? rows.map((row) => row.map((cell) => cell && escapeControls(cell))) : rows;
    await this.#sink.write([stringify(shown as string[][], { quoted_empty: false, quoted_match: /^$/ })]);
  }
}
