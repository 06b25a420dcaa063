// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Readable } from 'node:stream';
import { Field, type RecordBatch } from 'apache-arrow';
import { CsvError as ParseError, parse } from 'csv-parse';
import type { Alloc } from '../../file/index.js';
import { checkedText } from '../columns/checked-text.js';
import { buildColumn, jsMemory } from '../columns/column.js';
import { checkColumns, MAX_COLUMNS } from '../columns/column-error.js';
import { arrowType, type ColumnType, type ValueReader } from '../columns/column-type.js';
import { inBatches, type Rows, type TableBuilder } from '../columns/in-batches.js';
import type { TextOptions } from '../columns/text-options.js';
import { exactTextReader, inferText, lossOf, textReader, typesOfText } from '../columns/text-value.js';
import { CsvError } from './csv-error.js';

/** Options of {@link readCsv}. */
export interface CsvOptions extends TextOptions {
  /** One character; a comma unless given. */
  readonly delimiter?: string | undefined;
  /** Whether the first line has the names of the columns; true unless given. Without, they are `column_1` and so on. */
  readonly header?: boolean | undefined;
}

/** A quote that is never closed must not swallow a whole stream. */
const MAX_RECORD_BYTES = 16 * 2 ** 20;
/** What the parser says of text that has other delimiters. */
const DELIMITER_CODES: readonly string[] = ['INVALID_OPENING_QUOTE', 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH'];
/** Records handed on at once. */
const GROUP = 256;

/**
 * Reads CSV (RFC 4180, in UTF-8) as record batches; no more than one batch is in memory at a time.
 *
 * The types are those of the first rows: int64, uint64, float64, bool or utf8, and stay: every batch has the same schema. An
 * empty value is null. Numbers with leading zeros, and dates, stay text unless a type is given. An integer that its column
 * would round is refused, unless `types` says that the column is of floats; one that would be infinite always is.
 *
 * @throws {CsvError} `CSV_INVALID`, naming the line, or the row and the column.
 * @throws {ColumnError} `COLUMN_UNKNOWN` when a column or a type is asked for that is not there.
 */
export async function* readCsv(
  source: AsyncIterable<Uint8Array>,
  options: CsvOptions = {},
): AsyncGenerator<RecordBatch, void, undefined> {
  const groups = records(source, options.delimiter ?? ',');
  try {
    const { value: first } = await groups.next();
    const [record] = first?.rows ?? [];
    if (first === undefined || record === undefined) return;
    const header = options.header ?? true;
    const names = namesOf(record, header);
    checkColumns([...(options.types?.keys() ?? []), ...(options.columns ?? [])], names);
    const body = { rows: first.rows.slice(header ? 1 : 0), characters: first.characters };
    yield* inBatches<readonly string[]>(
      startingWith(body, groups),
      options,
      (rows) => new CsvTable(names, rows, options),
    );
  } finally {
    await groups.return(undefined);
  }
}

async function* startingWith(
  first: Rows<string[]>,
  rest: AsyncIterable<Rows<string[]>>,
): AsyncGenerator<Rows<string[]>> {
  yield first;
  yield* rest;
}

async function* records(source: AsyncIterable<Uint8Array>, delimiter: string): AsyncGenerator<Rows<string[]>> {
  const parser = parse({ bom: true, delimiter, skip_empty_lines: true, max_record_size: MAX_RECORD_BYTES });
  const text = checkedText(source, (what) => new CsvError(`no CSV: ${what}`));
  const input = Readable.from(text, { objectMode: false });
  input.on('error', (error) => parser.destroy(error)).pipe(parser);
  let rows: string[][] = [];
  let characters = 0;
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      rows.push(record);
      // A delimiter counts: a record of empty values takes memory, too.
      for (const value of record) characters += value.length + 1;
      // Whoever reads a pipe waits for what is there, not for a group.
      if (rows.length < GROUP && parser.readableLength > 0) continue;
      yield { rows, characters };
      rows = [];
      characters = 0;
    }
    if (rows.length > 0) yield { rows, characters };
  } catch (cause) {
    if (!(cause instanceof ParseError)) throw cause;
    const hint = DELIMITER_CODES.includes(cause.code) ? '; is the delimiter right (--delimiter)?' : '';
    throw new CsvError(`${cause.message}${hint}`, { cause });
  } finally {
    input.destroy();
  }
}

function namesOf(first: readonly string[], header: boolean): string[] {
  const names = first.map((name, i) => (header ? name : `column_${i + 1}`));
  if (names.length > MAX_COLUMNS) {
    throw new CsvError(`it has ${names.length} columns: more than ${MAX_COLUMNS} are not taken`);
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new CsvError(`two columns are called '${twice}': give each its own name`);
  return names;
}

interface CsvColumn {
  readonly name: string;
  /** Its place in a record. */
  readonly index: number;
  readonly type: ColumnType;
  readonly read: ValueReader<string>;
}

class CsvTable implements TableBuilder<readonly string[]> {
  readonly fields: readonly Field[];
  readonly #columns: readonly CsvColumn[];
  readonly #alloc: Alloc;

  constructor(names: readonly string[], rows: readonly (readonly string[])[], options: CsvOptions) {
    this.#columns = (options.columns ?? names).map((name) => {
      const index = names.indexOf(name);
      const given = options.types?.get(name);
      const type = given ?? inferText(rows.map((row) => row[index] as string));
      return { name, index, type, read: given === undefined ? exactTextReader(type) : textReader(type) };
    });
    this.fields = this.#columns.map(({ name, type }) => new Field(name, arrowType(type), true));
    this.#alloc = options.alloc ?? jsMemory;
  }

  cells(): number {
    return this.#columns.length;
  }

  columns(rows: readonly (readonly string[])[], first: number) {
    return this.#columns.map((column) => {
      const { index, type, read } = column;
      const value = (row: number) => {
        const text = rows[row]?.[index] as string;
        if (text === '') return null;
        const value = read(text);
        return value === undefined ? refuse(column, text, first + row) : value;
      };
      return buildColumn(type, rows.length, value, this.#alloc);
    });
  }
}

/** The longest value that an error quotes. */
const QUOTED = 64;

function refuse({ name, type }: CsvColumn, text: string, row: number): never {
  const quoted = text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
  const at = `row ${row + 1}, column '${name}': '${quoted}'`;
  const types = typesOfText(text).join(', ');
  const loss = lossOf(type, text);
  if (loss !== undefined) {
    throw new CsvError(
      `${at} would be ${loss} as ${type}; give the column's type, one of ${types} (--schema ${name}:utf8 keeps it as it is)`,
    );
  }
  throw new CsvError(
    `${at} is no ${type}; give the column's type, one of ${types}, if it is not ${type} (--schema ${name}:TYPE)`,
  );
}
