// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Ledger } from '@zenoh-segments/core';
import { usage } from '../cli-error.js';
import type { CsvOptions } from '../csv/index.js';
import { fileBatches, pipedFileBatches, streamBatches } from './arrow-input.js';
import type { InputBatch } from './batch.js';
import { csvBatches } from './csv-input.js';
import { type Format, formatOf } from './format.js';
import type { Memory } from './memory.js';
import { openSource, type Source } from './source.js';

/** What to read, and how. */
export interface InputOptions {
  readonly path: string | undefined;
  /** Found out unless given. */
  readonly format: Format | undefined;
  readonly csv: CsvOptions;
}

/** An input, opened, that gives its batches once. */
export class Input implements Disposable {
  readonly #source: Source;
  readonly #format: Format;
  readonly #csv: CsvOptions;

  private constructor(source: Source, format: Format, csv: CsvOptions) {
    this.#source = source;
    this.#format = format;
    this.#csv = csv;
  }

  /**
   * @param signal ends a wait for bytes.
   * @throws {CliError} `INPUT`, `USAGE`
   */
  static async open(options: InputOptions, signal: AbortSignal): Promise<Input> {
    const source = openSource(options.path, signal);
    try {
      const format = options.format ?? formatOf(await source.head(), source.path);
      if (format !== 'csv' && options.csv.batchRows !== undefined) {
        throw usage('--batch-rows is for CSV: Arrow data is sent in the batches it has');
      }
      return new Input(source, format, options.csv);
    } catch (error) {
      source[Symbol.dispose]();
      throw error;
    }
  }

  /** Whether the input can be opened again to give the same. */
  get repeatable(): boolean {
    return this.#source.repeatable;
  }

  /** @param ledger where copies made while reading are counted, unless a payload counts them. */
  batches(memory: Memory, ledger: Ledger): AsyncGenerator<InputBatch> {
    const { fd } = this.#source;
    switch (this.#format) {
      case 'arrow-file':
        if (fd !== undefined) return fileBatches(fd, memory);
        return pipedFileBatches(this.#source.chunks(), memory, ledger);
      case 'arrow-stream':
        return streamBatches(fd ?? this.#source.chunks(), memory, ledger);
      case 'csv':
        return csvBatches(this.#source.chunks(), memory, this.#csv);
    }
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
  }
}
