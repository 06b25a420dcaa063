// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type RecordBatch, Schema } from 'apache-arrow';
import { invalid } from '../errors.js';
import { BodyAssembler, type UsedDictionary } from './body-assembler.js';
import { checkChildren, checkLength } from './check-chunk.js';
import { childOf } from './pieces.js';

/** A batch taken apart. */
export interface AssembledBatch {
  readonly body: BodyAssembler;
  /** Every dictionary the batch uses, each after those it refers to. */
  readonly dictionaries: readonly UsedDictionary[];
}

/** @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_TYPE`, or `ARROW_INVALID` for vectors that contradict the schema. */
export function assembleBatch(schema: Schema, batch: RecordBatch): AssembledBatch {
  checkLength(batch.data.length);
  checkChildren(batch.data, schema.fields, '');
  const dictionaries = new Map<number, UsedDictionary>();
  const body = new BodyAssembler(dictionaries);
  schema.fields.forEach((field, index) => {
    body.column(field.type, childOf(batch.data, index, field.name), batch.numRows, field.name);
  });
  return { body, dictionaries: [...dictionaries.values()] };
}

/** @throws {ArrowPayloadError} `ARROW_INVALID` */
export function checkOrigin(schema: Schema): void {
  // Its own `instanceof` takes any copy's class for this one, and then writes types it does not know.
  if (schema.constructor !== Schema) {
    throw invalid('the data come from another copy of apache-arrow (CommonJS beside ESM, or two versions): use one');
  }
}
