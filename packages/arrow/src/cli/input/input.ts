// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Ledger } from '@zenoh-segments/core';
import type { Schema } from 'apache-arrow';
import { loadCompression } from '../../compression/load.js';
import { decodeBatches } from '../../decode/decode.js';
import { openArrowFile } from '../../file/index.js';
import { CliError } from '../cli-error.js';
import { type CsvOptions, readCsv } from '../csv/index.js';
import { readNdjson } from '../ndjson/index.js';
import { readParquet } from '../parquet/read-parquet.js';
import { HeapMemory, type Memory } from '../pub/memory.js';
import { fileBatches, pipedFileBatches, pipedSchema, streamBatches } from './arrow-input.js';
import type { InputBatch, InputPayload } from './batch.js';
import { ColumnChoice, cut } from './batch-rows.js';
import { type Format, formatOf } from './format.js';
import { namingFile, withPath } from './input-error.js';
import { openSource, type Source } from './source.js';
import { spool } from './spool.js';
import { textBatches } from './text-input.js';

/** How to read an input. */
export interface InputOptions {
  /** Found out unless given. */
  readonly format: Format | undefined;
  /** The columns to read, all unless given, and what text needs. Arrow data keeps its batches unless `batchRows` is given. */
  readonly text: Pick<CsvOptions, 'batchRows' | 'columns' | 'types' | 'delimiter' | 'header'>;
}

/** An input, opened, that gives its batches once. */
export class Input implements Disposable {
  readonly #source: Source;
  readonly #format: Format;
  readonly #options: InputOptions['text'];

  private constructor(source: Source, format: Format, options: InputOptions['text']) {
    this.#source = source;
    this.#format = format;
    this.#options = options;
  }

  /**
   * @param path `-` or undefined for standard input.
   * @param signal ends a wait for bytes.
   * @throws {CliError} `INPUT`, `USAGE`
   */
  static async open(path: string | undefined, options: InputOptions, signal: AbortSignal): Promise<Input> {
    const source = openSource(path, signal);
    try {
      const format = options.format ?? formatOf(await source.head(), source.path);
      // Arrow data may be compressed.
      if (isArrow(format)) await loadCompression();
      return new Input(source, format, options.text);
    } catch (error) {
      source[Symbol.dispose]();
      throw error;
    }
  }

  /** Whether the input can be opened again to give the same. */
  get repeatable(): boolean {
    return this.#source.repeatable;
  }

  /** Whether the input is Arrow data that goes out as it is: then {@link payloads} gives it. */
  get ready(): boolean {
    const { columns, batchRows } = this.#options;
    return isArrow(this.#format) && columns === undefined && batchRows === undefined;
  }

  /** The batches of Arrow data in the batches they have, read into `memory`. */
  payloads(memory: Memory, ledger: Ledger): AsyncGenerator<InputPayload> {
    return namingFile(this.#source.path, this.#payloads(memory, ledger));
  }

  /** The batches of any input. */
  batches(ledger: Ledger): AsyncGenerator<InputBatch> {
    return namingFile(this.#source.path, this.#batches(ledger));
  }

  /**
   * The schema that the batches have; instead of them. Of Arrow data no more is read than that takes.
   *
   * @throws {CliError} `INPUT` also for text and Parquet without a row, of which nothing is known.
   */
  async schema(): Promise<Schema> {
    const { path, fd } = this.#source;
    try {
      if (this.#format === 'arrow-file' && fd !== undefined) {
        using file = openArrowFile(fd);
        return file.schema;
      }
      if (isArrow(this.#format)) return await pipedSchema(this.#source.chunks(), this.#format === 'arrow-file');
      for await (const { batch } of this.#batches(new Ledger())) return batch.schema;
    } catch (cause) {
      throw withPath(path, cause);
    }
    throw new CliError('INPUT', `${path ?? 'standard input'} has no rows: what types its columns have is not known`);
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
  }

  #payloads(memory: Memory, ledger: Ledger): AsyncGenerator<InputPayload> {
    const { fd, size } = this.#source;
    if (this.#format === 'arrow-stream') return streamBatches(fd ?? this.#source.chunks(), memory, ledger, size);
    return fd === undefined ? pipedFileBatches(this.#source.chunks(), memory, ledger) : fileBatches(fd, memory);
  }

  #batches(ledger: Ledger): AsyncGenerator<InputBatch> {
    switch (this.#format) {
      case 'arrow-file':
      case 'arrow-stream':
        return this.#arrow(ledger);
      case 'parquet':
        return this.#parquet();
      case 'csv':
        return textBatches(this.#source, new HeapMemory(), (chunks, more) =>
          readCsv(chunks, { ...this.#options, delimiter: this.#delimiter(), ...more }),
        );
      case 'ndjson':
        return textBatches(this.#source, new HeapMemory(), (chunks, more) =>
          readNdjson(chunks, { ...this.#options, ...more }),
        );
    }
  }

  async *#arrow(ledger: Ledger): AsyncGenerator<InputBatch> {
    const { columns, batchRows = Number.POSITIVE_INFINITY } = this.#options;
    const choice = columns && new ColumnChoice(columns);
    for await (const { payload, done } of this.#payloads(new HeapMemory(), ledger)) {
      payload.ledger.attach(ledger);
      for (const batch of decodeBatches(payload)) {
        const chosen = choice === undefined ? batch : choice.apply(batch);
        for (const part of cut(chosen, batchRows)) yield { batch: part, native: true, done };
      }
    }
  }

  async *#parquet(): AsyncGenerator<InputBatch> {
    const { columns, batchRows } = this.#options;
    const { fd, size = 0 } = this.#source;
    using spooled = fd === undefined ? await spool(this.#source.chunks()) : undefined;
    const file = spooled ?? { fd: fd as number, size };
    const choice = columns && new ColumnChoice(columns);
    let rows = 0;
    for await (const { batch, fileRows } of readParquet(file.fd, file.size, { columns, batchRows })) {
      rows += batch.numRows;
      const done = Math.min(1, rows / fileRows);
      yield { batch: choice === undefined ? batch : choice.apply(batch), native: false, done };
    }
  }

  #delimiter(): string | undefined {
    return this.#options.delimiter ?? (this.#source.path?.toLowerCase().endsWith('.tsv') ? '\t' : undefined);
  }
}

function isArrow(format: Format): boolean {
  return format === 'arrow-file' || format === 'arrow-stream';
}
