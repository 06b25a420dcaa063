// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Ledger } from '@zenoh-segments/core';
import type { RecordBatch } from 'apache-arrow';
import { usage } from '../cli-error.js';
import { ArrowOutput } from './arrow-output.js';
import { NdjsonOutput } from './ndjson-output.js';
import { Sink } from './sink.js';
import { TableOutput } from './table-output.js';

export const OUTPUTS = ['table', 'ndjson', 'arrow', 'none'] as const;

export type OutputKind = (typeof OUTPUTS)[number];

/** What becomes of received batches. */
export interface Output {
  /** The batches of one sample. Their memory is gone when this has resolved. */
  sample(key: string, batches: readonly RecordBatch[]): Promise<void>;
  /** After the last sample. */
  end(): Promise<void>;
}

/** @param ledger where the bytes that an output copies are counted. */
export function outputOf(kind: OutputKind | undefined, ledger: Ledger): Output {
  const terminal = process.stdout.isTTY === true;
  switch (kind ?? (terminal ? 'table' : 'ndjson')) {
    case 'table':
      return new TableOutput(new Sink(), terminal);
    case 'ndjson':
      return new NdjsonOutput(new Sink());
    case 'arrow':
      if (terminal) throw usage('--output arrow is binary: send it to a file or a pipe');
      return new ArrowOutput(new Sink(), ledger);
    case 'none':
      return { sample: async () => {}, end: async () => {} };
  }
}
