// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Worker } from 'node:worker_threads';
import { ZBytes } from '@zenoh-segments/core';
import type { RecordBatch } from 'apache-arrow';
import { decodeBatches } from '../../decode/decode.js';
import { checkColumns } from '../columns/column-error.js';
import type { ParquetAnswer, ParquetJob, ParquetRequest } from './messages.js';
import { ParquetError } from './parquet-error.js';

/** Options of {@link readParquet}. */
export interface ParquetOptions {
  /** The most rows of a batch, which never has rows of two row groups; 10,000 unless given. */
  readonly batchRows?: number | undefined;
  /** The columns wanted; only these are read. All unless given. */
  readonly columns?: readonly string[] | undefined;
}

/** One batch of a Parquet file. */
export interface ParquetBatch {
  /** In JavaScript's memory, the caller's from now on. */
  readonly batch: RecordBatch;
  /** Rows of the whole file, as it says. */
  readonly fileRows: number;
}

const BATCH_ROWS = 10_000;
/** How long one batch may take: a file that keeps the decoder busy without end is broken. */
const PATIENCE_MS = 60_000;

/**
 * Reads a Parquet file batch by batch, in a thread of its own; a row group at a time is in memory, compressed, and one batch
 * more than the caller has. All types that Arrow's own reader knows, by the Arrow schema in the file if there is one; all of
 * snappy, gzip, brotli, zstd and lz4.
 *
 * @param fd a regular file of `size` bytes; stays the caller's to close, when this has ended.
 * @throws {ParquetError} `PARQUET_INVALID`: no Parquet, broken, or a row group that needs more than 1 GiB.
 * @throws {ColumnError} `COLUMN_UNKNOWN`
 * @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_TYPE` for a column whose type apache-arrow does not have.
 */
export async function* readParquet(
  fd: number,
  size: number,
  { batchRows = BATCH_ROWS, columns }: ParquetOptions = {},
): AsyncGenerator<ParquetBatch, void, undefined> {
  const reader = new ParquetThread({ fd, size });
  try {
    const opened = await reader.ask('open');
    if (opened.kind !== 'opened' || opened.columns.length === 0) return;
    checkColumns(columns ?? [], opened.columns);
    await reader.ask({ batchRows, columns });
    // The thread works on the next batch while the caller has this one.
    let next = reader.ask('next');
    for (let answer = await next; answer.kind === 'batch'; answer = await next) {
      next = reader.ask('next');
      next.catch(() => {});
      for (const batch of decodeBatches(ZBytes.fromSegments([answer.ipc]))) yield { batch, fileRows: opened.rows };
    }
  } finally {
    await reader.end();
  }
}

/** The thread that decodes, asked one thing at a time. */
class ParquetThread {
  readonly #worker: Worker;
  #settle: { resolve(answer: ParquetAnswer): void; reject(error: Error): void } | undefined;
  #failed: Error | undefined;

  constructor(job: ParquetJob) {
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: job });
    this.#worker.on('message', (answer: ParquetAnswer) => {
      if (answer.kind === 'error') this.#fail(new ParquetError(plain(answer.message)));
      else this.#settle?.resolve(answer);
    });
    this.#worker.on('error', (cause) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.#fail(
        new ParquetError(`the decoder gave up (${reason}): the file is broken or needs too much memory`, { cause }),
      );
    });
    this.#worker.on('exit', () => this.#fail(new ParquetError('the decoder ended')));
  }

  async ask(request: ParquetRequest): Promise<ParquetAnswer> {
    if (this.#failed !== undefined) throw this.#failed;
    let late: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        this.#settle = { resolve, reject };
        late = setTimeout(() => this.#fail(new ParquetError('a batch took too long to decode')), PATIENCE_MS);
        this.#worker.postMessage(request);
      });
    } finally {
      clearTimeout(late);
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failed ??= error;
    this.#settle?.reject(this.#failed);
  }
}

/** The library's text without its prefix. */
function plain(message: string): string {
  return message.replace(/^(?:Parquet error: |External: )+/, '').trim();
}
