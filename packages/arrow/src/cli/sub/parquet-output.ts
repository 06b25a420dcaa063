// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Ledger } from '@zenoh-segments/core';
import type { RecordBatch } from 'apache-arrow';
import type { RecordBatch as WasmBatch } from 'parquet-wasm';
import { batchToSegments } from '../../encode/encode.js';
import { PIECE_BYTES, pieces } from './dictionary-size.js';
import { OneSchema } from './one-schema.js';
import type { Output } from './output.js';
import { ParquetTypes } from './parquet-type.js';
import type { Remainder } from './remainder.js';
import type { Sink } from './sink.js';

/** What is kept in memory, encoded, until it is written: a row group ends with the first of both. */
const GROUP_ROWS = 122_880;
const GROUP_BYTES = 64 * 2 ** 20;

/** One Parquet file of all samples, snappy inside; row groups are written as they fill up, the footer at the end. */
export class ParquetOutput implements Output {
  readonly #sink: Sink;
  readonly #ledger: Ledger;
  readonly #remainder: Remainder;
  readonly #schema = new OneSchema('Parquet file');
  #types: ParquetTypes | undefined;
  #input: WritableStreamDefaultWriter<WasmBatch> | undefined;
  /** Ends with the file, or with the error that ended it. */
  #writing: Promise<void> = Promise.resolve();

  constructor(sink: Sink, ledger: Ledger, remainder: Remainder) {
    this.#sink = sink;
    this.#ledger = ledger;
    this.#remainder = remainder;
  }

  async sample(key: string, batches: readonly RecordBatch[]): Promise<void> {
    // The codec is large: nobody else pays for it.
    const { Table } = await import('parquet-wasm');
    for (const received of batches) {
      this.#types ??= new ParquetTypes(received.schema);
      const fitting = this.#types.fit(received);
      const lengths = pieces(fitting);
      const segments = batchToSegments(fitting, { ledger: this.#ledger });
      if (this.#schema.admit(key, segments[0] as Uint8Array)) await this.#start();
      const stream = Buffer.concat(segments);
      // Joined here, and written into the codec's memory.
      this.#ledger.count('gather', stream.byteLength);
      this.#ledger.count('convert', stream.byteLength);
      const table = Table.fromIPCStream(stream);
      const batch = table.recordBatch(0) as WasmBatch;
      table.free();
      if (lengths.length === 1) {
        await this.#write(batch);
        continue;
      }
      try {
        let row = 0;
        for (const length of lengths) {
          await this.#write(batch.slice(row, length));
          row += length;
          await this.#remainder.spend(PIECE_BYTES, row, received.numRows);
        }
      } finally {
        batch.free();
      }
    }
  }

  /** Without a sample there is no schema, and so no file. */
  async end(): Promise<void> {
    if (this.#input === undefined) return;
    await this.#unlessFailed(this.#input.close());
    await this.#writing;
  }

  /** The codec frees the batch. */
  async #write(batch: WasmBatch): Promise<void> {
    await this.#unlessFailed((this.#input as WritableStreamDefaultWriter<WasmBatch>).write(batch));
  }

  async #start(): Promise<void> {
    const { Compression, transformParquetStream, WriterPropertiesBuilder } = await import('parquet-wasm');
    const properties = new WriterPropertiesBuilder()
      .setCompression(Compression.SNAPPY)
      .setMaxRowGroupSize(GROUP_ROWS)
      .setMaxRowGroupBytes(GROUP_BYTES)
      .build();
    const { readable, writable } = new TransformStream<WasmBatch, WasmBatch>();
    this.#input = writable.getWriter();
    // Its failure is the one that is told, below.
    this.#input.closed.catch(() => {});
    const sink = this.#sink;
    this.#writing = (async () => {
      const file: ReadableStream<Uint8Array> = await transformParquetStream(readable, properties);
      try {
        for await (const chunk of file) await sink.write([chunk]);
      } catch (error) {
        // Without its end nobody can read it.
        await sink.discard();
        throw error;
      }
    })();
    this.#writing.catch(() => {});
  }

  /** The stream into the codec never ends by itself when what comes out can't be written. */
  async #unlessFailed(work: Promise<void>): Promise<void> {
    work.catch(() => {});
    const failed = new Promise<never>((_, reject) => this.#writing.catch(reject));
    await Promise.race([work, failed]);
  }
}
