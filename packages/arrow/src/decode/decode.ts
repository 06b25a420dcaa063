// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import { BufferType, Data, MessageHeader, RecordBatch, Schema, Struct, Table } from 'apache-arrow';
import { ByteCache } from '../byte-cache.js';
import { ArrowPayloadError, beyond, invalid, truncated } from '../errors.js';
import { type ArrowLimits, limitsOf } from '../limits.js';
import { PREFIX_BYTES } from '../wire.js';
import { readBatchHead, readDictionaryHead } from './batch-head.js';
import { type Body, ColumnLoader, type LoadContext } from './column-loader.js';
import { DictionaryStore } from './dictionary-store.js';
import { type MessageHead, readMessage, readPrefix } from './message.js';
import { checkPlan, readSchema, type SchemaPlan } from './schema.js';

/** Options of {@link decodeBatches} and {@link tableFromZBytes}. */
export interface DecodeOptions {
  /** What the payload may claim; {@link DEFAULT_LIMITS} fills what is missing. */
  readonly limits?: Partial<ArrowLimits>;
  /**
   * `structure` (default): everything that keeps every read inside the payload, at a cost that does not grow with the
   * rows, except for lists. `full`: also every text offset and dictionary index; without it, a wrong one gives wrong or
   * missing values.
   */
  readonly validate?: 'structure' | 'full';
}

/** Parsed schemas by the very bytes of their message, of which the cache keeps a copy. */
const plans = new ByteCache<SchemaPlan>();

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
 * @throws {ArrowPayloadError} `ARROW_NO_SCHEMA`, `ARROW_TRUNCATED`, `ARROW_INVALID`, `ARROW_LIMIT`,
 * `ARROW_UNSUPPORTED_TYPE`, `ARROW_UNSUPPORTED_FEATURE`: within time and memory proportional to the payload.
 * @throws {CoreError} `PAYLOAD_DISPOSED`.
 */
export function decodeBatches(payload: ZBytes, options: DecodeOptions = {}): RecordBatch[] {
  return new PayloadReader(payload, options).read().batches;
}

/**
 * All batches of a payload as one table, see {@link decodeBatches}.
 *
 * apache-arrow's `Table` can't tell columns of the same name apart; use {@link decodeBatches} for such data.
 */
export function tableFromZBytes(payload: ZBytes, options: DecodeOptions = {}): Table {
  const { schema, batches } = new PayloadReader(payload, options).read();
  return new Table(schema, batches);
}

class PayloadReader {
  readonly #payload: ZBytes;
  readonly #context: LoadContext;
  readonly #dictionaries = new DictionaryStore();
  #at = 0;

  constructor(payload: ZBytes, options: DecodeOptions) {
    this.#payload = payload;
    this.#context = {
      limits: limitsOf(options.limits),
      full: options.validate === 'full',
      dictionary: (id) => this.#dictionaries.get(id),
    };
  }

  read(): { readonly schema: Schema; readonly batches: RecordBatch[] } {
    const plan = this.#schema();
    const batches: RecordBatch[] = [];
    const { maxMessages } = this.#context.limits;
    for (let messages = 2; ; messages++) {
      const message = this.#message();
      if (message === undefined) return { schema: plan.schema, batches };
      if (messages > maxMessages) throw beyond('maxMessages', messages, maxMessages);
      const { head, body } = message;
      if (head.kind === MessageHeader.RecordBatch) batches.push(this.#batch(plan, head, body));
      else if (head.kind === MessageHeader.DictionaryBatch) this.#dictionary(plan, head, body);
      else throw invalid('a second schema in one payload');
    }
  }

  #schema(): SchemaPlan {
    const metadata = this.#metadata();
    if (metadata === undefined) throw new ArrowPayloadError('ARROW_NO_SCHEMA', 'the payload is empty');
    const { limits } = this.#context;
    const known = plans.get(metadata);
    if (known !== undefined) return checkPlan(known, limits);
    const copy = metadata.slice();
    const { kind, version, header, bodyBytes } = readMessage(copy);
    if (kind !== MessageHeader.Schema) {
      throw new ArrowPayloadError('ARROW_NO_SCHEMA', `the payload starts with a ${MessageHeader[kind]}, not a schema`);
    }
    if (bodyBytes !== 0) throw invalid('a schema message with a body');
    const plan = readSchema(header, version, limits);
    plans.set(copy, plan);
    return plan;
  }

  #batch(plan: SchemaPlan, head: MessageHead, body: Body): RecordBatch {
    const batch = readBatchHead(head.header, this.#context.limits);
    const columns = new ColumnLoader(batch, body, this.#context).columns(plan.schema.fields);
    const data = new Data(plan.row, 0, batch.rows, 0, { [BufferType.VALIDITY]: NO_NULLS }, columns);
    return makeBatch(plan.schema, data, head.metadata());
  }

  #dictionary(plan: SchemaPlan, head: MessageHead, body: Body): void {
    const { id, isDelta, batch } = readDictionaryHead(head.header, this.#context.limits);
    const type = plan.schema.dictionaries.get(id);
    if (type === undefined) throw invalid(`the schema has no dictionary ${id}`);
    const [values] = new ColumnLoader(batch, body, this.#context).columns([{ type, name: `dictionary ${id}` }]);
    this.#dictionaries.add(id, values as Data, isDelta);
  }

  #message(): { readonly head: MessageHead; readonly body: Body } | undefined {
    const metadata = this.#metadata();
    if (metadata === undefined) return undefined;
    const head = readMessage(metadata);
    const body = { payload: this.#payload, start: this.#at, bytes: head.bodyBytes };
    this.#advance('a message body', head.bodyBytes);
    return { head, body };
  }

  /** The metadata of the next message; `undefined` at the end. */
  #metadata(): Uint8Array | undefined {
    const left = this.#payload.length - this.#at;
    if (left === 0) return undefined;
    const start = this.#payload.range(this.#at, this.#at + Math.min(left, PREFIX_BYTES));
    const prefix = readPrefix(start, this.#context.limits);
    if (prefix === undefined) return undefined;
    this.#at += prefix.bytes;
    const from = this.#advance('message metadata', prefix.metadataBytes);
    return this.#payload.range(from, this.#at);
  }

  /** Moves past `bytes` bytes, which must be there, and gives the position they start at. */
  #advance(what: string, bytes: number): number {
    const from = this.#at;
    const left = this.#payload.length - from;
    if (bytes > left) throw truncated(what, bytes, left);
    this.#at += bytes;
    return from;
  }
}

const NO_NULLS = new Uint8Array(0);
const NO_FIELDS = new Schema([]);
const NO_COLUMNS = new Data(new Struct([]), 0, 0, 0);

/** apache-arrow's constructor merges columns that share a name and clones the schema for every batch: this does not. */
function makeBatch(schema: Schema, data: Data<Struct>, metadata: Map<string, string>): RecordBatch {
  return Object.assign(new RecordBatch(NO_FIELDS, NO_COLUMNS, metadata), { schema, data });
}
