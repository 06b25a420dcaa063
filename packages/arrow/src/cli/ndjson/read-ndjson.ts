// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, Field, type RecordBatch } from 'apache-arrow';
import type { Alloc } from '../../file/index.js';
import { jsMemory } from '../columns/column.js';
import { checkColumns, MAX_COLUMNS } from '../columns/column-error.js';
import type { ColumnType } from '../columns/column-type.js';
import { decidingRows, inBatches, type Rows, type TableBuilder } from '../columns/in-batches.js';
import type { TextOptions } from '../columns/text-options.js';
import { cellsOf, fieldsOf, hasList } from './cells.js';
import { jsonColumn } from './json-column.js';
import { type Json, type JsonRow, memberOf, rowOf, typicalOf } from './json-row.js';
import { linesOf } from './lines.js';
import { NdjsonError } from './ndjson-error.js';
import { inferShape, nameOfShape, type Shape, scalar, typeOfShape } from './shape.js';

/**
 * Reads newline-delimited JSON (one object a line, in UTF-8) as record batches; no more than one batch is in memory at a time.
 *
 * The columns are the names in the first rows, in the order they come, and those that `types` adds. Their types are those of
 * the first rows: int64, uint64, float64 (also for whole numbers written as `1.0` or `1e3`), bool, utf8, lists and structs of
 * these; they stay. A name that is missing is null, and so is a column of nulls alone, as utf8. Integers keep all digits,
 * unless `types` says that their column is of floats. `types` also reads strings as `date` and `timestamp`.
 *
 * @throws {NdjsonError} `NDJSON_INVALID`, naming line and column, for text that is no such JSON, for a value that does
 * not have its column's type, for a name that the first rows do not have, for more names than a payload may have fields
 * (16,384), and for lists whose objects come to more than 16,777,216 values in a row.
 * @throws {ColumnError} `COLUMN_UNKNOWN` when a column is asked for that is not there.
 */
export async function* readNdjson(
  source: AsyncIterable<Uint8Array>,
  options: TextOptions = {},
): AsyncGenerator<RecordBatch, void, undefined> {
  yield* inBatches(rowsOf(source, decidingRows(options)), options, (rows) => new JsonTable(rows, options));
}

async function* rowsOf(source: AsyncIterable<Uint8Array>, deciding: number): AsyncGenerator<Rows<JsonRow>> {
  let count = 0;
  for await (const lines of linesOf(source)) {
    yield {
      rows: lines.map((line) => rowOf(line, count++ < deciding)),
      characters: lines.reduce((sum, { text }) => sum + text.length, 0),
    };
  }
}

interface JsonColumn {
  readonly name: string;
  readonly shape: Shape;
}

/** The values under a name, and the lines they are on. */
interface Members {
  readonly values: Json[];
  /** The same, to decide the type by. */
  readonly types: Json[];
  readonly lines: number[];
}

/** A line may be one long list, but its objects must not multiply it. */
const MAX_ROW_CELLS = 2 ** 24;

class JsonTable implements TableBuilder<JsonRow> {
  readonly fields: readonly Field[];
  readonly #columns: readonly JsonColumn[];
  /** Columns of which each row has as many values as it likes. */
  readonly #listed: readonly { readonly name: string; readonly cells: (value: Json) => number }[];
  /** Values of a row in the others. */
  readonly #fixedCells: number;
  readonly #known: ReadonlySet<string>;
  readonly #alloc: Alloc;

  constructor(rows: readonly JsonRow[], { types = new Map(), columns, alloc = jsMemory }: TextOptions) {
    const members = new Map<string, Members>();
    for (const row of rows) {
      const { object, line } = row;
      const typical = typicalOf(row);
      for (const name of Object.keys(object)) {
        const { values, types, lines } = members.get(name) ?? noMembers(name, members);
        values.push(memberOf(object, name));
        types.push(memberOf(typical, name));
        lines.push(line);
      }
    }
    for (const name of types.keys()) if (!members.has(name)) noMembers(name, members);
    checkCount(members.size, '');
    if (columns !== undefined && rows.length > 0) checkColumns(columns, [...members.keys()]);
    this.#known = new Set(members.keys());
    this.#columns = (columns ?? [...members.keys()]).map((name) => {
      const shape = shapeOf(name, members.get(name), types);
      return { name, shape };
    });
    const fields = this.#columns.reduce((sum, { shape }) => sum + fieldsOf(shape), 0);
    checkCount(fields, ', those inside included');
    const listed = this.#columns.filter(({ shape }) => hasList(shape));
    this.#listed = listed.map(({ name, shape }) => ({ name, cells: cellsOf(shape) }));
    this.#fixedCells = fields - listed.reduce((sum, { shape }) => sum + fieldsOf(shape), 0);
    this.fields = this.#columns.map(({ name, shape }) => new Field(name, typeOfShape(shape), true));
    this.#alloc = alloc;
  }

  cells({ object, line }: JsonRow): number {
    const cells = this.#listed.reduce(
      (sum, column) => sum + column.cells(memberOf(object, column.name)),
      this.#fixedCells,
    );
    if (cells <= MAX_ROW_CELLS) return cells;
    throw new NdjsonError(
      `line ${line}: its lists come to ${cells} values, with those that are missing: more than ${MAX_ROW_CELLS} are not ` +
        'taken; give the objects in a list the same names',
    );
  }

  columns(rows: readonly JsonRow[]): Data[] {
    for (const row of rows) this.#checkNames(row);
    return this.#columns.map(({ name, shape }) => {
      const values = rows.map(({ object }) => memberOf(object, name));
      return jsonColumn(shape, values, this.#alloc, (row, value, part, extra) => {
        const at = `line ${rows[row]?.line}, column '${name}': `;
        if (extra !== undefined) throw new NdjsonError(`${at}the first rows have no '${extra}' in it`);
        throw new NdjsonError(
          `${at}${textOf(value)} is no ${nameOfShape(part)}; give the column's type if the first rows mislead (--schema ${name}:TYPE)`,
        );
      });
    });
  }

  #checkNames({ object, line }: JsonRow): void {
    for (const name of Object.keys(object)) {
      if (this.#known.has(name)) continue;
      throw new NdjsonError(
        `line ${line}, column '${name}': the first rows do not have it; give its type, and it is null where it is missing`,
      );
    }
  }
}

function noMembers(name: string, members: Map<string, Members>): Members {
  const none: Members = { values: [], types: [], lines: [] };
  members.set(name, none);
  return none;
}

function checkCount(count: number, which: string): void {
  if (count <= MAX_COLUMNS) return;
  throw new NdjsonError(
    `it has ${count} columns${which}: more than ${MAX_COLUMNS} are not taken; names that differ from row to row belong ` +
      'into a column of their own, as in {"name":"a","value":1}',
  );
}

function shapeOf(name: string, members: Members | undefined, types: ReadonlyMap<string, ColumnType>): Shape {
  const given = types.get(name);
  if (given !== undefined) return scalar(given, true);
  const { values, types: typical, lines } = members ?? { values: [], types: [], lines: [] };
  const shape = inferShape(typical);
  if (shape !== undefined) return shape;
  // The first row that fits none of what came before: more rows never make a shape possible again.
  let good = 0;
  let odd = values.length - 1;
  while (good < odd) {
    const middle = (good + odd) >>> 1;
    if (inferShape(typical.slice(0, middle + 1)) === undefined) odd = middle;
    else good = middle + 1;
  }
  throw new NdjsonError(
    `line ${lines[odd]}, column '${name}': ${textOf(values[odd] as Json)} has no type in common with the rows before`,
  );
}

/** The longest value that an error quotes. */
const QUOTED = 64;

function textOf(value: Json): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
}
