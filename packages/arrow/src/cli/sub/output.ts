// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Ledger } from '@zenoh-segments/core';
import type { RecordBatch } from 'apache-arrow';
import { ArrowOutput } from './arrow-output.js';
import { CsvOutput } from './csv-output.js';
import { NdjsonOutput } from './ndjson-output.js';
import type { OutputKind, OutputOptions } from './output-kind.js';
import { ParquetOutput } from './parquet-output.js';
import { Remainder } from './remainder.js';
import { FileSink, type Sink, StandardOutput } from './sink.js';
import { TableOutput } from './table-output.js';

/** What becomes of received batches. */
export interface Output {
  /**
   * The batches of one sample. Their memory is gone when this has resolved, or failed with anything but {@link GivenUp}.
   *
   * @throws {CutOff} after a signal, when there is too much to write: `end` completes what was written.
   */
  sample(key: string, batches: readonly RecordBatch[]): Promise<void>;
  /** After the last sample. */
  end(): Promise<void>;
}

/** @throws {CliError} `OUTPUT` */
export async function sinkOf({ path, force }: OutputOptions, interrupt: AbortSignal): Promise<Sink> {
  return path === undefined ? new StandardOutput(interrupt) : FileSink.create(path, force, interrupt);
}

/**
 * @param ledger where the bytes that an output copies are counted.
 * @param interrupt after it, what never ends is cut off.
 * @param keyName of a first column with the key, for NDJSON and CSV.
 */
export function outputOf(
  kind: OutputKind,
  sink: Sink,
  ledger: Ledger,
  interrupt: AbortSignal,
  keyName?: string,
): Output {
  const remainder = new Remainder(interrupt);
  switch (kind) {
    case 'table':
      return new TableOutput(sink, remainder);
    case 'ndjson':
      return new NdjsonOutput(sink, remainder, keyName);
    case 'csv':
      return new CsvOutput(sink, remainder, keyName);
    case 'arrow':
      return new ArrowOutput(sink, ledger);
    case 'parquet':
      return new ParquetOutput(sink, ledger, remainder);
    case 'none':
      return { sample: async () => {}, end: async () => {} };
  }
}
