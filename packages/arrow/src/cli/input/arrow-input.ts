// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Ledger, ZBytes } from '@zenoh-segments/core';
import type { Schema } from 'apache-arrow';
import { schemaHead } from '../../encode/message.js';
import { type ArrowFile, openArrowFile, readArrowSchema, readArrowStream } from '../../file/index.js';
import { CliError, codeOf } from '../cli-error.js';
import type { Memory } from '../pub/memory.js';
import type { InputPayload } from './batch.js';

/**
 * The batches of an Arrow IPC file, each read by the system into one chunk of memory: schema, dictionaries, batch. Nothing
 * of ours copies a value; the schema's message is written anew each time, as generated metadata is.
 */
export async function* fileBatches(fd: number, memory: Memory): AsyncGenerator<InputPayload> {
  using file = openArrowFile(fd);
  const head = schemaHead(file.schema);
  const before = head.byteLength + dictionaryBytes(file);
  for (let index = 0; index < file.batchCount; index++) {
    await memory.ready();
    try {
      let chunk = new Uint8Array(0);
      const place = (size: number) => {
        chunk = memory.take(before + size) as Uint8Array<ArrayBuffer>;
        return chunk.subarray(before);
      };
      file.readBatchInto(index, place, []);
      chunk.set(head);
      let at = head.byteLength;
      file.readDictionariesInto((size) => {
        at += size;
        return chunk.subarray(at - size, at);
      });
      yield { payload: ZBytes.fromSegments([chunk]), rows: file.rowsIn(index), done: (index + 1) / file.batchCount };
    } finally {
      memory.release();
    }
  }
}

function dictionaryBytes(file: ArrowFile): number {
  let bytes = 0;
  file.readDictionariesInto((size) => {
    bytes += size;
    return new Uint8Array(size);
  });
  return bytes;
}

/**
 * The batches of an Arrow IPC stream. Bodies go into `memory`, by the system from a file, by one counted copy from chunks.
 *
 * @param size of the stream in bytes, when it is known.
 */
export async function* streamBatches(
  source: number | AsyncIterable<Uint8Array>,
  memory: Memory,
  ledger: Ledger,
  size?: number,
): AsyncGenerator<InputPayload> {
  const stream = readArrowStream(source, (size) => memory.take(size), { ledger });
  let bytes = 0;
  try {
    for await (const { segments, rows } of stream) {
      const payload = ZBytes.fromSegments(segments);
      // What is repeated in each payload makes this an estimate.
      bytes = Math.min(bytes + payload.length, size ?? 0);
      yield { payload, rows, done: size === undefined ? undefined : bytes / size };
      memory.release();
      await memory.ready();
    }
  } finally {
    memory.release();
  }
}

/**
 * The batches of an Arrow IPC file that can only be read from its start: behind its magic, the first 8 bytes, it is a
 * stream (Columnar.rst "IPC File Format"). Some writers leave the schema at the start out.
 */
export async function* pipedFileBatches(
  chunks: AsyncIterable<Uint8Array>,
  memory: Memory,
  ledger: Ledger,
): AsyncGenerator<InputPayload> {
  try {
    yield* streamBatches(behind(MAGIC_BYTES, chunks), memory, ledger);
  } catch (cause) {
    if (codeOf(cause) !== 'ARROW_NO_SCHEMA') throw cause;
    throw new CliError('INPUT', 'this Arrow file has its schema at its end only: give its path instead of a pipe', {
      cause,
    });
  }
}

const MAGIC_BYTES = 8;

/**
 * The schema of Arrow data that can only be read from their start, of which no more is read than that takes.
 *
 * @throws {ArrowPayloadError}
 */
export function pipedSchema(chunks: AsyncIterable<Uint8Array>, isFile: boolean): Promise<Schema> {
  return readArrowSchema(isFile ? behind(MAGIC_BYTES, chunks) : chunks);
}

async function* behind(bytes: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let skip = bytes;
  for await (const chunk of chunks) {
    const rest = chunk.subarray(skip);
    skip -= chunk.byteLength - rest.byteLength;
    if (rest.byteLength > 0) yield rest;
  }
}
