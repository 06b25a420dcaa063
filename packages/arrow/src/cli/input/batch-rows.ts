// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import { checkColumns } from '../columns/column-error.js';

/** Cuts a batch into batches of so many rows at most: views, without a copy. */
export function* cut(batch: RecordBatch, rows: number): Generator<RecordBatch> {
  if (batch.numRows <= rows) yield batch;
  else for (let at = 0; at < batch.numRows; at += rows) yield batch.slice(at, at + rows);
}

/** Leaves the columns of these names, in this order; of several with one name the first. */
export class ColumnChoice {
  readonly #names: readonly string[];
  readonly #schemas = new WeakMap<Schema, { readonly schema: Schema; readonly indices: readonly number[] }>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** @throws {ColumnError} `COLUMN_UNKNOWN` */
  apply(batch: RecordBatch): RecordBatch {
    const { schema, indices } = this.#of(batch.schema);
    const children = indices.map((index) => batch.data.children[index] as Data);
    const { numRows: length } = batch;
    const data = makeData({ type: new Struct(schema.fields), length, nullCount: 0, children });
    return new RecordBatch(schema, data, batch.metadata);
  }

  /** One Schema object for each that comes: what is encoded for it is kept with it. */
  #of(source: Schema) {
    let known = this.#schemas.get(source);
    if (known === undefined) {
      const names = source.fields.map(({ name }) => name);
      checkColumns(this.#names, names);
      const indices = this.#names.map((name) => names.indexOf(name));
      const fields = indices.map((index) => source.fields[index] as (typeof source.fields)[number]);
      known = { schema: new Schema(fields, source.metadata), indices };
      this.#schemas.set(source, known);
    }
    return known;
  }
}
