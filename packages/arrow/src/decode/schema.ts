// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type DataType, Dictionary, Field, Int32, Schema, Struct } from 'apache-arrow';
import { beyond, invalid, unsupportedFeature } from '../errors.js';
import type { ArrowLimits } from '../limits.js';
import { sameType } from '../same-type.js';
import { checkDictionary } from '../types.js';
import type { FlatTable } from './flat-table.js';
import { checkKeyValues, readKeyValues } from './message.js';
import { readInt, readType } from './read-type.js';

/** A schema that was read, with what reading its batches needs. */
export interface SchemaPlan {
  readonly schema: Schema;
  /** The type of a batch as a whole. */
  readonly row: Struct;
  readonly fields: number;
  readonly depth: number;
  readonly keyValues: number;
}

/**
 * Reads a `Schema` table (Schema.fbs).
 *
 * @throws {ArrowPayloadError} `ARROW_INVALID`, `ARROW_LIMIT`, `ARROW_UNSUPPORTED_TYPE`, and
 * `ARROW_UNSUPPORTED_FEATURE` for big-endian data.
 */
export function readSchema(table: FlatTable, version: number, limits: ArrowLimits): SchemaPlan {
  if (table.int16(0) !== 0) throw unsupportedFeature('big-endian data');
  return new SchemaReader(limits).read(table, version);
}

/** @throws {ArrowPayloadError} `ARROW_LIMIT`, when the plan was read under wider limits. */
export function checkPlan(plan: SchemaPlan, limits: ArrowLimits): SchemaPlan {
  if (plan.fields > limits.maxFields) throw beyond('maxFields', plan.fields, limits.maxFields);
  if (plan.depth > limits.maxDepth) throw beyond('maxDepth', plan.depth, limits.maxDepth);
  checkKeyValues(plan.keyValues, limits);
  return plan;
}

class SchemaReader {
  readonly #limits: ArrowLimits;
  readonly #dictionaries = new Map<number, DataType>();
  #fields = 0;
  #depth = 0;
  #keyValues = 0;

  constructor(limits: ArrowLimits) {
    this.#limits = limits;
  }

  read(table: FlatTable, version: number): SchemaPlan {
    const fields = table.tables(1).map((field) => this.#field(field, '', 1));
    const schema = new Schema(fields, this.#metadata(table, 2), this.#dictionaries, version);
    return { schema, row: new Struct(fields), fields: this.#fields, depth: this.#depth, keyValues: this.#keyValues };
  }

  #metadata(table: FlatTable, slot: number): Map<string, string> {
    return readKeyValues(table, slot, (count) => {
      this.#keyValues += count;
      checkKeyValues(this.#keyValues, this.#limits);
    });
  }

  #field(table: FlatTable, parent: string, depth: number): Field {
    const { maxFields, maxDepth } = this.#limits;
    if (++this.#fields > maxFields) throw beyond('maxFields', this.#fields, maxFields);
    if (depth > maxDepth) throw beyond('maxDepth', depth, maxDepth);
    this.#depth = Math.max(this.#depth, depth);
    const name = table.string(0) ?? '';
    const column = parent === '' ? name : `${parent}.${name}`;
    const children = table.tables(5).map((child) => this.#field(child, column, depth + 1));
    const value = readType(table, children, column);
    const encoding = table.table(4);
    const type = encoding === undefined ? value : this.#dictionary(encoding, value, column);
    return new Field(name, type, table.bool(1), this.#metadata(table, 6));
  }

  /** Columns that share an id share the dictionary, and so its type. */
  #dictionary(encoding: FlatTable, value: DataType, column: string): DataType {
    const id = encoding.int64(0);
    const known = this.#dictionaries.get(id);
    if (known !== undefined && !sameType(known, value)) {
      throw invalid(`the dictionary id ${id} stands for values of type ${known} and ${value}`, column);
    }
    if (known === undefined) this.#dictionaries.set(id, value);
    const index = encoding.table(1);
    const indices = index === undefined ? new Int32() : readInt(index, column);
    const type = new Dictionary(known ?? value, indices as Int32, id, encoding.bool(2));
    checkDictionary(type, column);
    return type;
  }
}
