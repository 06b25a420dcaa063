// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, type RecordBatch, Type } from 'apache-arrow';
import Table from 'cli-table3';
import pc from 'picocolors';
import { codeOf } from '../cli-error.js';
import { escapeControls } from '../escape.js';
import { plural, thousands } from '../units.js';
import { type CellText, cellText } from './cell-text.js';
import type { Output } from './output.js';
import type { Remainder } from './remainder.js';
import { MAX_ROW_CHARACTERS, rowText } from './row-text.js';
import type { Sink } from './sink.js';

const MAX_CELL = 40;
const WIDTH = 100;
/** Of one table: a longer batch is several. */
const ROWS = 1000;
/** Characters looked at before signals get their turn. */
const TURN_CHARACTERS = 2 ** 22;

interface Column {
  readonly name: string;
  readonly cells: readonly string[];
  readonly width: number;
  readonly right: boolean;
}

/** A table of each batch, as wide as the terminal. */
export class TableOutput implements Output {
  readonly #sink: Sink;
  readonly #remainder: Remainder;
  readonly #colors: ReturnType<typeof pc.createColors>;

  constructor(sink: Sink, remainder: Remainder) {
    this.#sink = sink;
    this.#remainder = remainder;
    this.#colors = pc.createColors(sink.terminal && pc.isColorSupported);
  }

  async sample(key: string, batches: readonly RecordBatch[]): Promise<void> {
    for (const batch of batches) {
      for (let start = 0; start === 0 || start < batch.numRows; start += ROWS) {
        await this.#table(key, batch, start, Math.min(start + ROWS, batch.numRows));
      }
    }
  }

  async #table(key: string, batch: RecordBatch, start: number, end: number): Promise<void> {
    const all: Column[] = [];
    let characters = 0;
    for (const index of batch.schema.fields.keys()) {
      const { name, read, right } = columnOf(batch, index);
      const cells: string[] = [];
      for (let row = start; row < end; row++) {
        const { text, length } = read(row);
        cells.push(text);
        characters += length;
        if (characters < TURN_CHARACTERS) continue;
        // The rows of this table are not written yet.
        await this.#remainder.spend(characters, start, batch.numRows);
        characters = 0;
      }
      const width = cells.reduce((most, cell) => Math.max(most, cell.length), name.length);
      all.push({ name, cells, width, right });
    }
    const columns = fitting(all, process.stdout.columns || WIDTH);
    const table = new Table({
      head: columns.map(({ name }) => this.#colors.bold(name)),
      colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
      style: { head: [], border: [], compact: true },
    });
    for (let row = 0; row < end - start; row++) table.push(columns.map(({ cells }) => cells[row] as string));
    const more = all.length - columns.length;
    const shown = `${plural(end - start, 'row')} shown${start === 0 ? '' : `, from row ${thousands(start + 1)} on`}`;
    const caption =
      `${this.#colors.cyan(escapeControls(key))}  ${shown}, ${plural(all.length, 'column')}` +
      (more === 0 ? '' : `, ${more} to the right left out`);
    await this.#sink.write([`${caption}\n${table.toString()}\n`]);
    await this.#remainder.spend(characters, end, batch.numRows);
  }

  async end(): Promise<void> {}
}

function columnOf(batch: RecordBatch, index: number) {
  const field = batch.schema.fields[index] as RecordBatch['schema']['fields'][number];
  const data = batch.data.children[index] as Data;
  const write = cellText(field.type);
  const right = field.type.typeId === Type.Int || field.type.typeId === Type.Float;
  return { name: shortened(escapeControls(field.name)), read: (row: number) => cellOf(write, data, row), right };
}

/** What is shown, and how long it would be. One that is too long to be made is not worth an error: no more than its
 * beginning is shown anyway. */
function cellOf(write: CellText, data: Data, row: number): { text: string; length: number } {
  try {
    const text = rowText(() => write(data, row)) ?? '';
    return { text: shortened(escapeControls(text)), length: text.length };
  } catch (error) {
    if (codeOf(error) === 'OUTPUT_LIMIT') return { text: '…', length: MAX_ROW_CHARACTERS };
    throw error;
  }
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
