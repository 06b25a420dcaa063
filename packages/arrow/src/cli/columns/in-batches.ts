// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, type Field, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import type { TextOptions } from './text-options.js';

const BATCH_ROWS = 10_000;
/** Characters of text that a batch holds at most, and so do the rows that decide the types. */
const BATCH_CHARACTERS = 32 * 2 ** 20;

/** Values that a batch holds at most, those that are missing included, unless one row has more. */
const BATCH_CELLS = 2 ** 22;

/** Rows and the characters they are made of. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly characters: number;
}

/** Builds the columns of rows, which all have the schema that the first rows decided. */
export interface TableBuilder<Row> {
  readonly fields: readonly Field[];
  /** The values that a row is in all columns. */
  cells(row: Row): number;
  /** @param first the number of the first row, from 0. */
  columns(rows: readonly Row[], first: number): Data[];
}

/** How many rows decide the types, at most: so many, however the input was cut. */
export function decidingRows({ batchRows = BATCH_ROWS, inferRows = 0 }: TextOptions): number {
  return Math.max(batchRows, inferRows);
}

/** Cuts rows into batches of one schema; no more than one batch, and the rows that decide the types, are kept. */
export async function* inBatches<Row>(
  source: AsyncIterable<Rows<Row>>,
  options: TextOptions,
  builderOf: (rows: readonly Row[]) => TableBuilder<Row>,
): AsyncGenerator<RecordBatch, void, undefined> {
  const { batchRows = BATCH_ROWS } = options;
  const first = decidingRows(options);
  let batcher: Batcher<Row> | undefined;
  let waiting: Row[] = [];
  let characters = 0;
  for await (const { rows, characters: more } of source) {
    for (const row of rows) waiting.push(row);
    characters += more;
    const full = characters >= BATCH_CHARACTERS;
    if (batcher === undefined && waiting.length < first && !full) continue;
    batcher ??= new Batcher(builderOf(waiting.slice(0, first)));
    let at = 0;
    for (; waiting.length - at >= batchRows; at += batchRows) yield* batcher.build(waiting.slice(at, at + batchRows));
    if (full && at < waiting.length) {
      yield* batcher.build(waiting.slice(at));
      at = waiting.length;
    }
    if (at > 0) {
      waiting = waiting.slice(at);
      characters = 0;
    }
  }
  batcher ??= new Batcher(builderOf(waiting.slice(0, first)));
  for (let at = 0; at < waiting.length; at += batchRows) yield* batcher.build(waiting.slice(at, at + batchRows));
}

class Batcher<Row> {
  readonly #builder: TableBuilder<Row>;
  readonly #schema: Schema;
  readonly #type: Struct;
  #rows = 0;

  constructor(builder: TableBuilder<Row>) {
    this.#builder = builder;
    this.#schema = new Schema([...builder.fields]);
    this.#type = new Struct(this.#schema.fields);
  }

  /** One batch, or several where rows are wide. */
  *build(rows: readonly Row[]): Generator<RecordBatch> {
    let start = 0;
    let cells = 0;
    for (let row = 0; row < rows.length; row++) {
      const more = this.#builder.cells(rows[row] as Row);
      if (row > start && cells + more > BATCH_CELLS) {
        yield this.#batch(rows.slice(start, row));
        start = row;
        cells = 0;
      }
      cells += more;
    }
    yield this.#batch(start === 0 ? rows : rows.slice(start));
  }

  #batch(rows: readonly Row[]): RecordBatch {
    const children = this.#builder.columns(rows, this.#rows);
    this.#rows += rows.length;
    return new RecordBatch(this.#schema, makeData({ type: this.#type, length: rows.length, nullCount: 0, children }));
  }
}
