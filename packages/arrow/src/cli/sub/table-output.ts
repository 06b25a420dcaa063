// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type RecordBatch, Type, type Vector } from 'apache-arrow';
import Table from 'cli-table3';
import pc from 'picocolors';
import { escapeControls } from '../escape.js';
import { plural } from '../units.js';
import { jsonWriter } from './json-value.js';
import type { Output } from './output.js';
import type { Sink } from './sink.js';

const MAX_CELL = 40;
const WIDTH = 100;

interface Column {
  readonly name: string;
  readonly cells: readonly string[];
  readonly width: number;
  readonly right: boolean;
}

/** A table of each batch, as wide as the terminal. */
export class TableOutput implements Output {
  readonly #sink: Sink;
  readonly #colors: ReturnType<typeof pc.createColors>;

  constructor(sink: Sink, terminal: boolean) {
    this.#sink = sink;
    this.#colors = pc.createColors(terminal && pc.isColorSupported);
  }

  async sample(key: string, batches: readonly RecordBatch[]): Promise<void> {
    for (const batch of batches) {
      const all = batch.schema.fields.map((_, i) => columnOf(batch, i));
      const columns = fitting(all, process.stdout.columns ?? WIDTH);
      const table = new Table({
        head: columns.map(({ name }) => this.#colors.bold(name)),
        colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
        style: { head: [], border: [], compact: true },
      });
      for (let row = 0; row < batch.numRows; row++) table.push(columns.map(({ cells }) => cells[row] as string));
      const more = all.length - columns.length;
      const caption =
        `${this.#colors.cyan(escapeControls(key))}  ${plural(batch.numRows, 'row')} shown, ${plural(all.length, 'column')}` +
        (more === 0 ? '' : `, ${more} to the right left out`);
      await this.#sink.write([`${caption}\n${table.toString()}\n`]);
    }
  }

  async end(): Promise<void> {}
}

function columnOf(batch: RecordBatch, index: number): Column {
  const field = batch.schema.fields[index] as RecordBatch['schema']['fields'][number];
  const vector = batch.getChildAt(index) as Vector;
  const write = jsonWriter(field.type);
  const cells = Array.from({ length: batch.numRows }, (_, row) => {
    const value: unknown = vector.get(row);
    if (value === null) return '';
    return shortened(typeof value === 'string' ? escapeControls(value) : write(value));
  });
  const name = shortened(escapeControls(field.name));
  const width = Math.max(name.length, ...cells.map((cell) => cell.length));
  return { name, cells, width, right: field.type.typeId === Type.Int || field.type.typeId === Type.Float };
}

function shortened(text: string): string {
  return text.length <= MAX_CELL ? text : `${text.slice(0, MAX_CELL - 1)}…`;
}

/** The first columns, as many as fit and at least one. */
function fitting(columns: readonly Column[], width: number): readonly Column[] {
  let used = 1;
  const end = columns.findIndex((column, i) => {
    used += column.width + 3;
    return used > width && i > 0;
  });
  return end < 0 ? columns : columns.slice(0, end);
}
