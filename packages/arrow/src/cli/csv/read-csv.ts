// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Readable } from 'node:stream';
import { Field, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import { parse } from 'csv-parse';
import { arrowType, buildColumn } from './column.js';
import { CSV_TYPES, type CsvType, fits, inferType } from './column-type.js';
import { CsvError } from './csv-error.js';

/** Options of {@link readCsv}. */
export interface CsvOptions {
  /** The most rows of a batch; 10,000 unless given. */
  readonly batchRows?: number | undefined;
  /** One character; a comma unless given. */
  readonly delimiter?: string | undefined;
  /** Whether the first line has the names of the columns; true unless given. Without, they are `column_1` and so on. */
  readonly header?: boolean | undefined;
  /** Types by column name, for the columns whose first batch would mislead. */
  readonly types?: ReadonlyMap<string, CsvType> | undefined;
}

const BATCH_ROWS = 10_000;
/** A quote that is never closed must not swallow a whole stream. */
const MAX_RECORD_BYTES = 16 * 2 ** 20;

/**
 * Reads CSV (RFC 4180) as record batches; no more than one batch is in memory at a time.
 *
 * The types are those of the first batch: int64, float64, bool or utf8, and stay: every batch has the same schema. An empty value
 * is null. Numbers with leading zeros, and dates, stay text.
 *
 * @throws {CsvError} `CSV_INVALID`, naming the line, or the row and the column.
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array>,
  options: CsvOptions = {},
): AsyncGenerator<RecordBatch, void, undefined> {
  const batchRows = options.batchRows ?? BATCH_ROWS;
  let builder: BatchBuilder | undefined;
  let rows: string[][] = [];
  for await (const record of records(source, options.delimiter ?? ',')) {
    if (builder === undefined) {
      builder = new BatchBuilder(namesOf(record, options.header ?? true), options.types ?? new Map());
      if (options.header ?? true) continue;
    }
    rows.push(record);
    if (rows.length < batchRows) continue;
    yield builder.build(rows);
    rows = [];
  }
  if (builder !== undefined && rows.length > 0) yield builder.build(rows);
}

async function* records(source: AsyncIterable<Uint8Array>, delimiter: string): AsyncGenerator<string[]> {
  const parser = parse({ bom: true, delimiter, skip_empty_lines: true, max_record_size: MAX_RECORD_BYTES });
  const input = Readable.from(source, { objectMode: false });
  input.on('error', (error) => parser.destroy(error)).pipe(parser);
  try {
    yield* parser as AsyncIterable<string[]>;
  } catch (cause) {
    if (!String((cause as { code?: unknown }).code).startsWith('CSV_')) throw cause;
    throw new CsvError((cause as Error).message, { cause });
  } finally {
    input.destroy();
  }
}

function namesOf(first: readonly string[], header: boolean): string[] {
  const names = first.map((name, i) => (header ? name : `column_${i + 1}`));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new CsvError(`two columns are called '${twice}': give each its own name`);
  return names;
}

/** Makes batches of one schema, which the first rows decide. */
class BatchBuilder {
  readonly #names: readonly string[];
  readonly #given: ReadonlyMap<string, CsvType>;
  #types: readonly CsvType[] | undefined;
  #schema = new Schema([]);
  /** Rows of the batches before. */
  #rows = 0;

  constructor(names: readonly string[], given: ReadonlyMap<string, CsvType>) {
    const unknown = [...given.keys()].find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new CsvError(
        `a type is given for '${unknown}', and the columns are ${names.map((n) => `'${n}'`).join(', ')}`,
      );
    }
    this.#names = names;
    this.#given = given;
  }

  build(rows: readonly (readonly string[])[]): RecordBatch {
    const columns = this.#names.map((_, i) => rows.map((row) => row[i] as string));
    const types = this.#typesOf(columns);
    const children = columns.map((texts, i) => {
      this.#check(types[i] as CsvType, texts, i);
      return buildColumn(types[i] as CsvType, texts);
    });
    this.#rows += rows.length;
    const type = new Struct(this.#schema.fields);
    return new RecordBatch(this.#schema, makeData({ type, length: rows.length, nullCount: 0, children }));
  }

  #typesOf(columns: readonly (readonly string[])[]): readonly CsvType[] {
    if (this.#types === undefined) {
      const types = columns.map((texts, i) => this.#given.get(this.#names[i] as string) ?? inferType(texts));
      this.#types = types;
      this.#schema = new Schema(this.#names.map((name, i) => new Field(name, arrowType(types[i] as CsvType), true)));
    }
    return this.#types;
  }

  #check(type: CsvType, texts: readonly string[], column: number): void {
    const wrong = texts.findIndex((text) => text !== '' && !fits(type, text));
    if (wrong < 0) return;
    const others = CSV_TYPES.filter((other) => fits(other, texts[wrong] as string));
    throw new CsvError(
      `row ${this.#rows + wrong + 1}, column '${this.#names[column]}': '${texts[wrong]}' is no ${type}; ` +
        `give the column's type, one of ${others.join(', ')}, if it is not ${type}`,
    );
  }
}
