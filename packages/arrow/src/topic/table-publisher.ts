// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  CongestionControl,
  CoreError,
  type IntoKeyExpr,
  KeyExpr,
  type Ledger,
  type Publisher,
  type PublisherDeleteOptions,
  type PublisherOptions,
  type PutResult,
  type Session,
  ZBytes,
} from '@zenoh-segments/core';
import { makeData, RecordBatch, type Schema, Struct, Table, type TypeMap } from 'apache-arrow';
import { compressorOf } from '../compression/codec.js';
import { loadCompression } from '../compression/load.js';
import { makeBatch } from '../decode/payload-reader.js';
import { checkOrigin } from '../encode/assemble.js';
import { encodeBatch, type TableEncodeOptions, tableToZBytes } from '../encode/encode.js';
import { headOf } from '../encode/head.js';
import { checkSchema } from '../types.js';
import { ARROW_STREAM_MEDIA_TYPE } from '../wire.js';
import { ARROW_BATCH_MEDIA_TYPE, attachmentOf } from './bare-form.js';
import { batchOfColumns, type TableColumns } from './columns.js';
import { DeclaredSchema } from './declared-schema.js';
import { HeadServer, type KeptHeads } from './head-server.js';
import { checkPositive } from './positive.js';

/**
 * How tables are published.
 *
 * - `self-contained`: every sample is an Arrow IPC stream, which any reader opens alone.
 * - `schema-ref`: every sample is a bare batch, without schema and dictionaries. Receivers fetch those once from the
 *   publisher, as long as it lives.
 */
export type TableMode = 'self-contained' | 'schema-ref';

/** Options of {@link declareTablePublisher}: those of `Session.declarePublisher`, without the encoding, and these. */
export interface TablePublisherOptions extends Omit<PublisherOptions, 'encoding'>, TableEncodeOptions {
  /** `self-contained` unless given. */
  readonly mode?: TableMode | undefined;
  /** In mode `schema-ref`: the heads that late receivers may still ask for. */
  readonly heads?: KeptHeads | undefined;
}

/** Options of `TablePublisher.put`: those of `Publisher.put`, without the encoding. */
export type TablePutOptions = PublisherDeleteOptions;

/** What `TablePublisher.put` takes. A payload is a stream made before, by `ShmTableBuilder` or `encodeBatch`. */
export type TableData<T extends TypeMap> = RecordBatch<T> | Table<T> | TableColumns<T> | ZBytes;

/** A declared publisher of tables of one schema. */
export class TablePublisher<T extends TypeMap> implements AsyncDisposable {
  /** The publisher of core: its key expression, its counters, and whether somebody subscribes. */
  readonly publisher: Publisher;
  readonly #declared: DeclaredSchema<T>;
  readonly #encoding: TableEncodeOptions;
  readonly #heads: HeadServer | undefined;

  /** @internal */
  constructor(
    publisher: Publisher,
    declared: DeclaredSchema<T>,
    encoding: TableEncodeOptions,
    heads: HeadServer | undefined,
  ) {
    this.publisher = publisher;
    this.#declared = declared;
    this.#encoding = encoding;
    this.#heads = heads;
  }

  get schema(): Schema<T> {
    return this.#declared.schema;
  }

  /** Bytes carried and copied by everything put here; the heads kept for receivers count as `held`. */
  get ledger(): Ledger {
    return this.publisher.ledger;
  }

  /**
   * Publishes a batch, a table, or columns by their names. Batches and tables are sent from the memory they lie in, under
   * the schema declared, with its metadata: leave that memory as it is until the promise resolves, and for as long as
   * local subscribers hold it.
   *
   * A payload is sent as it is, self-contained in either mode; its schema is not looked at. That is how what a `ShmTableBuilder`
   * finished goes by descriptor, and how to wait until local subscribers let go: by the payload's `released`.
   *
   * A table is one sample, or one for each batch in mode `schema-ref`, all of them on their way when this returns.
   *
   * @returns `dropped` when any sample was
   * @throws {ArrowPayloadError} `ARROW_SCHEMA` when columns are not those declared, `column` names one, `ARROW_VALUE` when
   * one can't hold a value of an array, `column` is the path to it: nothing is published then; as `encodeBatch`
   * @throws {CoreError} as `Publisher.put`
   */
  async put(data: TableData<T>, options: TablePutOptions = {}): Promise<PutResult> {
    if (data instanceof ZBytes) return this.publisher.put(data, { ...options, encoding: ARROW_STREAM_MEDIA_TYPE });
    const batches = this.#batchesOf(data);
    if (this.#heads !== undefined) return this.#putBare(batches, this.#heads, options);
    const [first] = batches;
    const payload =
      batches.length === 1
        ? encodeBatch(first as RecordBatch, this.#encoding)
        : tableToZBytes({ schema: this.schema, batches }, this.#encoding);
    return this.publisher.put(payload, options);
  }

  /** A web stream whose every chunk is put, each after the one before has gone out. Closing it leaves the publisher open. */
  writable(): WritableStream<TableData<T>> {
    return new WritableStream({
      write: async (data) => {
        await this.put(data);
      },
    });
  }

  /** Publishes a deletion of the key. @throws {CoreError} `SESSION_CLOSED`, `NETWORK` */
  delete(options?: PublisherDeleteOptions): Promise<PutResult> {
    return this.publisher.delete(options);
  }

  /** In mode `schema-ref` nobody gets a head from here afterwards. Idempotent. */
  async undeclare(): Promise<void> {
    await Promise.all([this.publisher.undeclare(), this.#heads?.undeclare()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.undeclare();
  }

  #batchesOf(data: RecordBatch<T> | Table<T> | TableColumns<T>): RecordBatch<T>[] {
    if (data instanceof Table) {
      checkOrigin(data.schema);
      this.#declared.checkSchema(data.schema);
      if (data.batches.length === 0) return [emptyBatch(this.schema)];
      return data.batches.map((batch) => this.#declared.conform(batch));
    }
    if (data instanceof RecordBatch) return [this.#declared.conform(data)];
    if (typeof data !== 'object' || data === null) {
      throw new CoreError('INVALID_ARGUMENT', `a batch, a table or columns can be put, not ${String(data)}`);
    }
    return [this.#declared.conform(batchOfColumns(this.schema, data, this.ledger))];
  }

  /** All of them at once, so that their order is that of the calls. */
  async #putBare(batches: RecordBatch<T>[], heads: HeadServer, options: TablePutOptions): Promise<PutResult> {
    const results = await Promise.all(
      batches.map((batch) => {
        const head = headOf(batch);
        this.ledger.count('held', heads.keep(head));
        const attachment = attachmentOf(head.fingerprint, options.attachment);
        return this.publisher.put(encodeBatch(batch, { ...this.#encoding, form: 'bare' }), { ...options, attachment });
      }),
    );
    return results.includes('dropped') ? 'dropped' : 'done';
  }
}

/** What is sent of a table without batches, so that receivers see it in either mode. */
function emptyBatch<T extends TypeMap>(schema: Schema<T>): RecordBatch<T> {
  const data = makeData({ type: new Struct(schema.fields), length: 0, nullCount: 0, children: [] });
  return makeBatch(schema, data) as RecordBatch<T>;
}

/**
 * Declares a publisher of tables of one schema. Congestion control is `BLOCK` unless given: zenoh's own default drops a
 * large message as soon as the network is busy.
 *
 * ```ts
 * const schema = new Schema([new Field('time', new Float64()), new Field('name', new Utf8())]);
 * const publisher = await declareTablePublisher(session, 'demo/table', schema);
 * await publisher.put({ time: new Float64Array([1.5]), name: ['first'] });
 * ```
 *
 * In mode `schema-ref` it also declares a queryable on `<key>/@arrow/*` that gives heads by their fingerprints. It keeps a copy of the
 * last 32, 64 MiB at most (`heads`): a receiver that met none of the batches since can't open older ones that it still
 * has. An attachment of the application's goes behind the fingerprint; `TableSample.attachment` gives it back.
 *
 * @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_TYPE` for a column that can't be carried, `ARROW_UNSUPPORTED_FEATURE` for
 * a compression that is not there
 * @throws {CoreError} as `Session.declarePublisher` and, in mode `schema-ref`, `Session.declareQueryable`
 */
export async function declareTablePublisher<T extends TypeMap>(
  session: Session,
  key: IntoKeyExpr,
  schema: Schema<T>,
  options: TablePublisherOptions = {},
): Promise<TablePublisher<T>> {
  const { mode = 'self-contained', heads: kept = {}, coalesceBelow, compression, ...plain } = options;
  if (mode !== 'self-contained' && mode !== 'schema-ref') {
    throw new CoreError('INVALID_ARGUMENT', `${String(mode)} is not a valid mode`);
  }
  checkPositive(kept, 'heads');
  const declared = new DeclaredSchema(schema);
  checkSchema(schema);
  if (compression !== undefined) {
    await loadCompression();
    compressorOf(compression);
  }
  const { congestionControl = CongestionControl.BLOCK, allowedDestination } = plain;
  const encoding = mode === 'schema-ref' ? ARROW_BATCH_MEDIA_TYPE : ARROW_STREAM_MEDIA_TYPE;
  // First what answers: a batch must not be anywhere before it.
  const heads =
    mode === 'schema-ref' ? await HeadServer.declare(session, new KeyExpr(key), allowedDestination, kept) : undefined;
  try {
    const publisher = await session.declarePublisher(key, { ...plain, congestionControl, encoding });
    const encode = { ...(coalesceBelow !== undefined && { coalesceBelow }), compression };
    return new TablePublisher(publisher, declared, encode, heads);
  } catch (error) {
    await heads?.undeclare();
    throw error;
  }
}
