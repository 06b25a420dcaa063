// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Sample, ZBytes } from '@zenoh-segments/core';
import { type RecordBatch, type Schema, Table, type TypeMap } from 'apache-arrow';
import { type Batches, read } from '../decode/decode.js';
import type { ReadOptions } from '../decode/payload-reader.js';
import { ownAttachment } from './bare-form.js';
import type { DeclaredSchema } from './declared-schema.js';
import type { Arrival } from './intake.js';

/** How samples are opened. */
export interface Opening<T extends TypeMap> extends ReadOptions {
  /** What every sample must be of. */
  readonly declared: DeclaredSchema<T> | undefined;
}

/**
 * A received sample with its record batches. They are views of the payload: what they hold, and every column taken out of
 * them, lives until it is collected, or until `dispose()`, `using` and the sample's own dispose end it. That matters for shared memory: it
 * is the sender's pool, which gets the memory back only then.
 */
export class TableSample<T extends TypeMap> implements Disposable {
  /** The sample of core: its key, time, source. */
  readonly sample: Sample;
  readonly #arrival: Arrival;
  readonly #opening: Opening<T>;
  #opened: { readonly schema: Schema<T>; readonly batches: readonly RecordBatch<T>[] } | undefined;

  /** @internal */
  constructor(arrival: Arrival, opening: Opening<T>) {
    this.sample = arrival.sample;
    this.#arrival = arrival;
    this.#opening = opening;
  }

  /**
   * The record batches, opened when they are asked for first: the same objects at every call.
   *
   * @throws {ArrowPayloadError} as `decodeBatches`; `ARROW_SCHEMA` when they are not of the schema that the subscriber names;
   * `ARROW_ENCODING` when the sender says that this is something else; `ARROW_NO_HEAD` and `ARROW_OVERFLOW` for a bare batch
   * @throws {CoreError} `PAYLOAD_DISPOSED`
   */
  get batches(): readonly RecordBatch<T>[] {
    return this.#open().batches;
  }

  /** As the sender has it. @throws as {@link batches} */
  get schema(): Schema<T> {
    return this.#open().schema;
  }

  /** All batches as one table, which can't tell columns of the same name apart. @throws as {@link batches} */
  toTable(): Table<T> {
    const { schema, batches } = this.#open();
    return new Table(schema, [...batches]);
  }

  /** What the application attached, without the fingerprint that a bare batch has there. */
  get attachment(): ZBytes | undefined {
    return ownAttachment(this.sample);
  }

  /** Gives received memory back at once: batches read from it are empty then. Idempotent. */
  dispose(): void {
    this.#opened = undefined;
    this.sample[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #open() {
    if (this.#opened !== undefined) return this.#opened;
    const { error, head } = this.#arrival;
    if (error !== undefined) throw error;
    const { declared, ...reading } = this.#opening;
    const opened = read(this.sample.payload(), { ...reading, head });
    declared?.checkSchema(opened.schema);
    for (const batch of opened.batches) declared?.check(batch);
    // Checked, as far as a schema was named.
    this.#opened = opened as Batches & { readonly schema: Schema<T>; readonly batches: RecordBatch<T>[] };
    return this.#opened;
  }
}
