// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  Bool,
  type DataType,
  Date_,
  type DateUnit,
  Dictionary,
  Field,
  Float,
  Int,
  Int32,
  List,
  Null,
  type Precision,
  Schema,
  Struct,
  Timestamp,
  type TimeUnit,
  Type,
  Utf8,
  util,
} from 'apache-arrow';
import { beyond, invalid, unsupportedFeature, unsupportedType } from '../errors.js';
import type { ArrowLimits } from '../limits.js';
import { layoutOf, typeNameOf } from '../types.js';
import type { FlatTable } from './flat-table.js';
import { readKeyValues } from './message.js';

/** A schema that was read, with what reading its batches needs. */
export interface SchemaPlan {
  readonly schema: Schema;
  /** The type of a batch as a whole. */
  readonly row: Struct;
  readonly fields: number;
  readonly depth: number;
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
  return plan;
}

class SchemaReader {
  readonly #limits: ArrowLimits;
  readonly #dictionaries = new Map<number, DataType>();
  #fields = 0;
  #depth = 0;

  constructor(limits: ArrowLimits) {
    this.#limits = limits;
  }

  read(table: FlatTable, version: number): SchemaPlan {
    const fields = table.tables(1).map((field) => this.#field(field, '', 1));
    const schema = new Schema(fields, readKeyValues(table, 2), this.#dictionaries, version);
    return { schema, row: new Struct(fields), fields: this.#fields, depth: this.#depth };
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
    return new Field(name, type, table.bool(1), readKeyValues(table, 6));
  }

  /** Columns that share an id share the dictionary, and so its type. */
  #dictionary(encoding: FlatTable, value: DataType, column: string): DataType {
    const id = encoding.int64(0);
    const known = this.#dictionaries.get(id);
    if (known !== undefined && !util.compareTypes(known, value)) {
      throw invalid(`the dictionary id ${id} stands for values of type ${known} and ${value}`, column);
    }
    if (known === undefined) this.#dictionaries.set(id, value);
    const index = encoding.table(1);
    const indices = index === undefined ? new Int32() : readInt(index, column);
    const type = new Dictionary(known ?? value, indices as Int32, id, encoding.bool(2));
    layoutOf(type, column);
    return type;
  }
}

/** The type of a field without its dictionary encoding (Schema.fbs `Type`). */
function readType(field: FlatTable, children: Field[], column: string): DataType {
  const typeId = field.uint8(2);
  const type = field.table(3);
  if (type === undefined) throw invalid('the field has no type', column);
  if (typeId === Type.List || typeId === Type.Struct) return readNested(typeId, children, column);
  if (children.length > 0 && isFlat(typeId)) throw invalid(`${typeNameOf(typeId)} can't have children`, column);
  switch (typeId) {
    case Type.Null:
      return new Null();
    case Type.Int:
      return readInt(type, column);
    case Type.Float:
      return new Float(oneOf(type.int16(0), 2, 'precision', column) as Precision);
    case Type.Utf8:
      return new Utf8();
    case Type.Bool:
      return new Bool();
    case Type.Date:
      return new Date_(oneOf(type.int16(0, 1), 1, 'date unit', column) as DateUnit);
    case Type.Timestamp:
      return new Timestamp(oneOf(type.int16(0), 3, 'time unit', column) as TimeUnit, type.string(1));
    default:
      throw unsupportedType(typeNameOf(typeId), column);
  }
}

function readNested(typeId: Type.List | Type.Struct, children: Field[], column: string): DataType {
  if (typeId === Type.Struct) return new Struct(children);
  const [item] = children;
  if (item === undefined || children.length > 1) throw invalid(`a list with ${children.length} children`, column);
  return new List(item);
}

function isFlat(typeId: number): boolean {
  return [Type.Null, Type.Int, Type.Float, Type.Utf8, Type.Bool, Type.Date, Type.Timestamp].includes(typeId);
}

function readInt(table: FlatTable, column: string): Int {
  const bits = table.int32(0);
  if (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64) throw invalid(`an integer of ${bits} bits`, column);
  return new Int(table.bool(1), bits);
}

function oneOf(value: number, last: number, what: string, column: string): number {
  if (value < 0 || value > last) throw invalid(`${what} ${value} does not exist`, column);
  return value;
}
