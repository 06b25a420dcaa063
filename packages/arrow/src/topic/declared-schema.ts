// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, DataType, type Field, type RecordBatch, Schema, Struct, type TypeMap } from 'apache-arrow';
import { makeBatch } from '../decode/payload-reader.js';
import { checkOrigin } from '../encode/assemble.js';
import { ArrowPayloadError, invalid } from '../errors.js';
import { sameType } from '../same-type.js';

/** The schema that a publisher or a subscriber names, and whether batches are of it. */
export class DeclaredSchema<T extends TypeMap> {
  readonly schema: Schema<T>;
  /** Schemas of batches that were compared: most batches share one. */
  readonly #equal = new WeakSet<Schema>();
  readonly #required: boolean;

  constructor(schema: Schema<T>) {
    if (!(schema instanceof Schema)) throw invalid('a schema of apache-arrow is needed');
    this.schema = schema;
    this.#equal.add(schema);
    this.#required = schema.fields.some(hasRequired);
  }

  /**
   * That a batch has the columns declared: their number, names, order and types, and no null where none may be. Metadata and the
   * ids of dictionaries are not compared, nor is what a batch says about nulls that it does not have.
   *
   * @throws {ArrowPayloadError} `ARROW_SCHEMA`; `column` names the column
   */
  check(batch: RecordBatch): void {
    this.checkSchema(batch.schema);
    if (!this.#required) return;
    this.schema.fields.forEach((field, index) => {
      const column = batch.data.children[index];
      if (column !== undefined) checkNulls(field, column, field.name);
    });
  }

  /** As {@link check}, without a batch. */
  checkSchema(schema: Schema): void {
    if (this.#equal.has(schema)) return;
    const [expected, actual] = [this.schema.fields, schema.fields];
    for (const [index, field] of expected.entries()) checkField(field, actual[index], index);
    const extra = actual[expected.length];
    if (extra !== undefined) throw mismatch(`the schema has ${expected.length} columns, and not this one`, extra.name);
    this.#equal.add(schema);
  }

  /** The batch under this schema, with its metadata and its ids of dictionaries; over the same memory. @throws as {@link check} */
  conform(batch: RecordBatch): RecordBatch<T> {
    checkOrigin(batch.schema);
    this.check(batch);
    return batch.schema === this.schema ? batch : makeBatch(this.schema, batch.data, batch.metadata);
  }
}

function checkField(expected: Field, actual: Field | undefined, index: number): void {
  if (actual === undefined) throw mismatch('the batch lacks it', expected.name);
  if (actual.name !== expected.name) {
    throw mismatch(`column ${index} of the batch is called '${actual.name}'`, expected.name);
  }
  if (!sameType(expected.type, actual.type)) {
    throw otherType(expected, actual.type, 'batch');
  }
}

/** Whether a field, or one below it, may have no nulls. */
function hasRequired(field: Field): boolean {
  return !field.nullable || structFields(field.type).some(hasRequired);
}

function checkNulls(field: Field, column: Data, name: string): void {
  if (!field.nullable && column.nullCount > 0) throw mismatch(`${column.nullCount} nulls where none may be`, name);
  structFields(field.type).forEach((child, index) => {
    const below = column.children[index];
    if (below !== undefined) checkNulls(child, below, `${name}.${child.name}`);
  });
}

function structFields(type: DataType): Field[] {
  return type instanceof Struct ? type.children : [];
}

/** apache-arrow's `tableFromArrays` and `vectorFromArray` make dictionaries of texts, unless they are given a type. */
export function otherType({ name, type }: Field, actual: DataType, owner: 'batch' | 'vector'): ArrowPayloadError {
  const advice =
    DataType.isDictionary(actual) && sameType(type, actual.dictionary)
      ? ': declare that, or make the vector with the type, as vectorFromArray(values, type) does'
      : '';
  return mismatch(`the schema says ${type}, the ${owner} has ${actual}${advice}`, name);
}

export function mismatch(message: string, column: string): ArrowPayloadError {
  return new ArrowPayloadError('ARROW_SCHEMA', message, { column });
}
