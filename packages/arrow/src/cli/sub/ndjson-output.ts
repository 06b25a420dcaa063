// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Data, RecordBatch } from 'apache-arrow';
import { jsonString, jsonWriter } from './json-value.js';
import type { Output } from './output.js';
import type { Remainder } from './remainder.js';
import { joined, RowGroup, rowText } from './row-text.js';
import type { Sink } from './sink.js';
import { checkKeyName } from './with-key.js';

/** One JSON object for each row, on a line of its own. */
export class NdjsonOutput implements Output {
  readonly #sink: Sink;
  readonly #remainder: Remainder;
  readonly #keyName: string | undefined;

  constructor(sink: Sink, remainder: Remainder, keyName?: string) {
    this.#sink = sink;
    this.#remainder = remainder;
    this.#keyName = keyName;
  }

  async sample(key: string, batches: readonly RecordBatch[]): Promise<void> {
    const keyName = this.#keyName;
    for (const batch of batches) {
      checkKeyName(keyName, batch.schema);
      const columns = batch.schema.fields.map((field, i) => {
        const data = batch.data.children[i] as Data;
        const write = jsonWriter(field.type);
        const name = jsonString(field.name);
        return (row: number) => `${name}:${write(data, row)}`;
      });
      if (keyName !== undefined) {
        const member = `${jsonString(keyName)}:${jsonString(key)}`;
        columns.unshift(() => member);
      }
      const group = new RowGroup<string>();
      for (let row = 0; row < batch.numRows; row++) {
        const line = rowText(
          () => `{${joined(columns.length, (i) => (columns[i] as (row: number) => string)(row))}}\n`,
        );
        if (!group.add(line, line.length)) continue;
        const { characters } = group;
        await this.#sink.write([group.take().join('')]);
        await this.#remainder.spend(characters, row + 1, batch.numRows);
      }
      await this.#sink.write([group.take().join('')]);
    }
  }

  async end(): Promise<void> {}
}
