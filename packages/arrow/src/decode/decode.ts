// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import { MessageHeader, type RecordBatch, type Schema, Table } from 'apache-arrow';
import { invalid } from '../errors.js';
import type { OpenHead } from './open-head.js';
import { PayloadReader, type ReadOptions } from './payload-reader.js';
import { checkPlan } from './schema.js';

/** Options of {@link decodeBatches} and {@link tableFromZBytes}. */
export interface DecodeOptions extends ReadOptions {
  /**
   * With a head the payload is bare: one record batch message of that head's schema, and nothing else. Without one it is
   * a stream that stands for itself.
   */
  readonly head?: OpenHead | undefined;
}

/**
 * The record batches of a self-contained Arrow IPC stream (Columnar.rst "IPC Streaming Format", metadata V4 and V5),
 * whoever wrote it and however the payload is cut.
 *
 * The batches are views of the payload: nothing is copied where a segment holds a buffer whole and aligned to its type,
 * otherwise that buffer alone is gathered and counted in `payload.ledger`. A schema seen for the first time is copied
 * aside once, uncounted. The batches keep the payload's memory alive; after `payload[Symbol.dispose]()` their views have
 * length 0. Memory that the sender may still write to, as shared memory, can change values under the reader.
 *
 * The payload ends at an end-of-stream marker, of which anything after it is ignored, or with its last byte. As the
 * marker is optional, a payload cut exactly between two messages is a shorter stream, not an error.
 *
 * Deltas of dictionaries are followed within the payload. Nothing is kept from one payload to the next.
 *
 * A bare payload says nothing of its schema. A head that was not made for it is found out where the columns' number,
 * nesting or sizes differ, not where int32 is taken for float32: compare fingerprints before.
 *
 * @throws {ArrowPayloadError} `ARROW_NO_SCHEMA`, `ARROW_TRUNCATED`, `ARROW_INVALID`, `ARROW_LIMIT`,
 * `ARROW_UNSUPPORTED_TYPE`, `ARROW_UNSUPPORTED_FEATURE`: within time and memory proportional to the payload.
 * @throws {CoreError} `PAYLOAD_DISPOSED`.
 */
export function decodeBatches(payload: ZBytes, options: DecodeOptions = {}): RecordBatch[] {
  return read(payload, options).batches;
}

/**
 * All batches of a payload as one table, see {@link decodeBatches}.
 *
 * apache-arrow's `Table` can't tell columns of the same name apart; use {@link decodeBatches} for such data.
 */
export function tableFromZBytes(payload: ZBytes, options: DecodeOptions = {}): Table {
  const { schema, batches } = read(payload, options);
  return new Table(schema, batches);
}

/** What a payload holds. */
export interface Batches {
  readonly schema: Schema;
  readonly batches: RecordBatch[];
}

/** Also the schema of a stream without batches. @throws as {@link decodeBatches} */
export function read(payload: ZBytes, options: DecodeOptions): Batches {
  return options.head === undefined ? readStream(payload, options) : readBare(payload, options.head, options);
}

function readStream(payload: ZBytes, options: ReadOptions): Batches {
  const reader = new PayloadReader(payload, options);
  const plan = reader.schema();
  const batches: RecordBatch[] = [];
  for (let message = reader.next(); message !== undefined; message = reader.next()) {
    const { kind } = message.head;
    if (kind === MessageHeader.RecordBatch) batches.push(reader.batch(plan, message));
    else if (kind === MessageHeader.DictionaryBatch) reader.addDictionary(plan, message);
    else throw invalid('a second schema in one payload');
  }
  reader.settle();
  return { schema: plan.schema, batches };
}

function readBare(payload: ZBytes, head: OpenHead, options: ReadOptions): Batches {
  const reader = new PayloadReader(payload, options, head.dictionaries);
  const plan = checkPlan(head.plan, reader.limits);
  const message = reader.next();
  if (message === undefined) throw invalid('a bare payload without a record batch');
  const { kind } = message.head;
  if (kind !== MessageHeader.RecordBatch) throw invalid(`a bare payload with a ${MessageHeader[kind]} message in it`);
  if (reader.left > 0) throw invalid(`${reader.left} bytes after the record batch of a bare payload`);
  return { schema: plan.schema, batches: [reader.batch(plan, message)] };
}
