// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import {
  BufferType,
  Data,
  MessageHeader,
  type MetadataVersion,
  RecordBatch,
  type Schema,
  type Struct,
} from 'apache-arrow';
import { ByteCache } from '../byte-cache.js';
import { ArrowPayloadError, beyond, invalid, truncated } from '../errors.js';
import { type ArrowLimits, limitsOf } from '../limits.js';
import { PREFIX_BYTES } from '../wire.js';
import { type BatchHead, readBatchHead, readDictionaryHead } from './batch-head.js';
import { type Body, PlainBody } from './body.js';
import { ColumnLoader, type LoadContext } from './column-loader.js';
import { CompressedBody } from './compressed-body.js';
import { DictionaryStore } from './dictionary-store.js';
import { type MessageHead, readMessage, readPrefix } from './message.js';
import { PayloadBudget } from './payload-budget.js';
import { checkPlan, readSchema, type SchemaPlan } from './schema.js';

/** How far a payload is trusted. */
export interface ReadOptions {
  /** What the payload may claim; {@link DEFAULT_LIMITS} fills what is missing. */
  readonly limits?: Partial<ArrowLimits>;
  /**
   * `structure` (default): everything that keeps every read inside the payload, and its cost in proportion, at a cost
   * that grows with the rows only for lists, unions and views. A wrong offset into binary values or wrong dictionary
   * index gives a wrong or missing value, or an error of apache-arrow's, when it is read; offsets of text that fall an
   * `ARROW_INVALID` when a value of the column is first read. `full`: also every offset and index, the
   * number of nulls, and that text is UTF-8.
   */
  readonly validate?: 'structure' | 'full';
}

/** Parsed schemas by the very bytes of their message, of which the cache keeps a copy. */
const plans = new ByteCache<SchemaPlan>();

/** One message of a payload. */
export interface Message {
  readonly head: MessageHead;
  readonly body: Body;
}

/** Reads a payload message by message, and makes batches and dictionaries of them. */
export class PayloadReader {
  readonly limits: ArrowLimits;
  readonly #payload: ZBytes;
  readonly #context: LoadContext;
  readonly #dictionaries: DictionaryStore;
  readonly #budget: PayloadBudget;
  #at = 0;
  #messages = 0;

  /** @param dictionaries where those of the payload go, and where batches find them. */
  constructor(payload: ZBytes, options: ReadOptions, dictionaries = new DictionaryStore()) {
    this.#payload = payload;
    this.#dictionaries = dictionaries;
    this.limits = limitsOf(options.limits);
    this.#budget = new PayloadBudget(this.limits, payload.length);
    this.#context = {
      limits: this.limits,
      full: options.validate === 'full',
      budget: this.#budget,
      dictionaries,
    };
  }

  /** Bytes that were not read. */
  get left(): number {
    return this.#payload.length - this.#at;
  }

  /** Reads the first message, which must be a schema. */
  schema(): SchemaPlan {
    const metadata = this.#metadata();
    if (metadata === undefined) throw new ArrowPayloadError('ARROW_NO_SCHEMA', 'the payload is empty');
    const { limits } = this;
    const known = plans.get(metadata);
    if (known !== undefined) return checkPlan(known, limits);
    const copy = metadata.slice();
    const { kind, version, header, bodyBytes } = readMessage(copy);
    if (kind !== MessageHeader.Schema) {
      throw new ArrowPayloadError('ARROW_NO_SCHEMA', `the payload starts with a ${MessageHeader[kind]}, not a schema`);
    }
    if (bodyBytes !== 0) throw invalid('a schema message with a body');
    const plan = readSchema(header, version, limits);
    plans.set(copy, plan, plan.fields + plan.keyValues);
    return plan;
  }

  /** The next message; `undefined` at the end-of-stream marker, or where the payload ends. */
  next(): Message | undefined {
    const metadata = this.#metadata();
    if (metadata === undefined) return undefined;
    const { maxMessages } = this.limits;
    if (this.#messages > maxMessages) throw beyond('maxMessages', this.#messages, maxMessages);
    const head = readMessage(metadata);
    const body = new PlainBody(this.#payload, this.#at, head.bodyBytes);
    this.#advance('a message body', head.bodyBytes);
    return { head, body };
  }

  batch(plan: SchemaPlan, { head, body }: Message): RecordBatch {
    const batch = readBatchHead(head.header, this.limits);
    const columns = this.#loader(batch, head.version, body).columns(plan.schema.fields);
    const data = new Data(plan.row, 0, batch.rows, 0, { [BufferType.VALIDITY]: NO_NULLS }, columns);
    return makeBatch(plan.schema, data, head.metadata(this.limits));
  }

  /** Keeps a dictionary for the batches that follow. */
  addDictionary(plan: SchemaPlan, { head, body }: Message): void {
    const { id, isDelta, batch } = readDictionaryHead(head.header, this.limits);
    const type = plan.schema.dictionaries.get(id);
    if (type === undefined) throw invalid(`the schema has no dictionary ${id}`);
    const [values] = this.#loader(batch, head.version, body).columns([{ type, name: `dictionary ${id}` }]);
    this.#dictionaries.add(id, values as Data, isDelta);
  }

  /** After the last message: the batches get their dictionaries. */
  settle(): void {
    this.#dictionaries.settle();
  }

  #loader(batch: BatchHead, version: MetadataVersion, body: Body): ColumnLoader {
    const { codec } = batch;
    const { ledger } = this.#payload;
    const readable = codec === undefined ? body : new CompressedBody(body, codec, this.#budget, ledger);
    return new ColumnLoader(batch, readable, this.#context, version);
  }

  /** The metadata of the next message; `undefined` at the end. */
  #metadata(): Uint8Array | undefined {
    const { left } = this;
    if (left === 0) return undefined;
    const start = this.#payload.range(this.#at, this.#at + Math.min(left, PREFIX_BYTES));
    const prefix = readPrefix(start, this.limits);
    if (prefix === undefined) {
      // Both markers of the end of a stream: a zero, since format 0.15 behind the continuation word.
      this.#at += start[0] === 0 ? PREFIX_BYTES / 2 : PREFIX_BYTES;
      return undefined;
    }
    this.#messages += 1;
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

/**
 * A batch with the fields that apache-arrow's constructor gives one. That one would merge columns that share a name, clone
 * the schema and look at all columns, for every batch: of a payload of nothing but empty ones that was a third of the time.
 */
export function makeBatch(schema: Schema, data: Data<Struct>, metadata = new Map<string, string>()): RecordBatch {
  const batch = Object.create(RecordBatch.prototype);
  batch.schema = schema;
  batch.data = data;
  batch._metadata = metadata;
  return batch;
}
