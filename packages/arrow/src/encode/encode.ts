// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Ledger, ZBytes } from '@zenoh-segments/core';
import type { RecordBatch, Schema, Table } from 'apache-arrow';
import { type CompressionName, compressorOf } from '../compression/codec.js';
import { checkSchema } from '../types.js';
import { assembleBatch, checkOrigin } from './assemble.js';
import { batchMessage } from './batch-message.js';
import { sameChunks, type UsedDictionary } from './body-assembler.js';
import { compressBody } from './compressed-body.js';
import type { EncodedBody } from './encoded-body.js';
import { addDictionary } from './head.js';
import { PayloadLayout, type SegmentOptions } from './layout.js';
import { schemaHead } from './message.js';

/** What goes into the payload of one batch. */
export interface FormOptions {
  /**
   * `self-contained` (default): schema, dictionaries, batch; whoever receives it can open it. `bare`: the batch's message
   * and body alone, for receivers that have its head, see `headOf` and `openHead`.
   */
  readonly form?: 'self-contained' | 'bare';
}

/** How bodies are written. */
export interface CompressionOptions {
  /**
   * Compresses each buffer, of dictionaries too: what is sent is written anew and counted as `convert`, and no receiver
   * can read it in place. Off by default. Call `loadCompression` before.
   */
  readonly compression?: CompressionName | undefined;
}

/** What {@link layoutBatch} plans. */
export interface LayoutOptions extends FormOptions, CompressionOptions {}

/** What is read of a table. apache-arrow's class can't tell columns of the same name apart. */
export type TableParts = Pick<Table, 'schema' | 'batches'>;

/** Options of {@link tableToZBytes}. */
export interface TableEncodeOptions extends Omit<SegmentOptions, 'ledger'>, CompressionOptions {}

/** Options of {@link encodeBatch}. */
export interface EncodeOptions extends TableEncodeOptions, FormOptions {}

/**
 * Plans the payload of one batch: schema, whole dictionaries, batch; or the batch alone. No value is copied yet.
 *
 * @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_TYPE`; `ARROW_INVALID` for vectors that contradict the schema, or memory that
 * does not fit their types, see each text; `ARROW_LIMIT` for columns nested deeper than 64 levels, which readers refuse.
 */
export function layoutBatch(batch: RecordBatch, options: LayoutOptions = {}): PayloadLayout {
  return options.form === 'bare' ? layoutBare(batch, options) : layoutAll(batch.schema, [batch], options);
}

/** Plans the payload of all batches of a table, see {@link layoutBatch}. A dictionary is written again when it changed. */
export function layoutTable(table: TableParts, options: CompressionOptions = {}): PayloadLayout {
  return layoutAll(table.schema, table.batches, options);
}

/**
 * One batch as the segments of a self-contained Arrow IPC stream (Columnar.rst "IPC Streaming Format", metadata V5).
 *
 * In order: the schema message; for each dictionary its message and body; the batch's message and body. A body is one
 * segment for each buffer, a view of the batch's own memory, each followed by padding to 64 bytes. There is no
 * end-of-stream marker. Validity bitmaps that do not start at a byte, and offsets that do not start at 0, as slices have
 * them, are written anew and counted as `convert`. Generated metadata is not a copy of anything and is not counted.
 *
 * The segments belong to the batch, and the schema message and the padding to this package, which sends them again:
 * write to none of them, and never give them to `ZBytes.fromSegments` with ownership `transfer`.
 *
 * @throws {ArrowPayloadError} as {@link layoutBatch}.
 */
export function batchToSegments(batch: RecordBatch, options?: SegmentOptions & LayoutOptions): Uint8Array[] {
  return layoutBatch(batch, options).segments(options);
}

/**
 * One batch as a payload, see {@link batchToSegments}. The payload retains the batch's memory: write to the batch again
 * only after the payload's `released`. Its ledger tells what was copied.
 *
 * @throws {ArrowPayloadError} as {@link layoutBatch}.
 */
export function encodeBatch(batch: RecordBatch, options?: EncodeOptions): ZBytes {
  return toZBytes(layoutBatch(batch, options), options);
}

/** All batches of a table as one payload, see {@link encodeBatch}. Readers take 8,191 by default (`maxMessages`). */
export function tableToZBytes(table: TableParts, options?: TableEncodeOptions): ZBytes {
  return toZBytes(layoutTable(table, options), options);
}

/**
 * Writes the whole payload of a batch into one chunk of memory, such as shared memory: at most one copy of each byte,
 * counted as `convert`.
 *
 * ```ts
 * const layout = layoutBatch(batch);
 * const chunk = provider.alloc(layout.byteLength);
 * writeBatch(chunk.bytes, layout);
 * ```
 *
 * @param target owned by the caller; starts at a multiple of 8, better 64. Bytes beyond the payload are left alone.
 * @param options for a batch; a layout has its form already.
 * @returns the bytes written.
 * @throws {ArrowPayloadError} `ARROW_TARGET` when the memory does not fit; as {@link layoutBatch} otherwise.
 */
export function writeBatch(
  target: Uint8Array,
  batch: RecordBatch | PayloadLayout,
  ledger?: Ledger,
  options?: FormOptions,
): number {
  const layout = batch instanceof PayloadLayout ? batch : layoutBatch(batch, options);
  return layout.writeTo(target, ledger);
}

function layoutAll(schema: Schema, batches: readonly RecordBatch[], options: CompressionOptions): PayloadLayout {
  checkOrigin(schema);
  const encoded = bodyEncoder(options);
  const layout = new PayloadLayout();
  layout.add(schemaHead(schema));
  const written = new Map<number, UsedDictionary>();
  for (const batch of batches) {
    const { body, dictionaries } = assembleBatch(schema, batch);
    for (const dictionary of dictionaries) {
      const last = written.get(dictionary.id);
      if (last !== undefined && sameChunks(last.chunks, dictionary.chunks)) continue;
      written.set(dictionary.id, dictionary);
      addDictionary(layout, dictionary, encoded(dictionary.body));
    }
    addBatch(layout, batch, encoded(body));
  }
  return layout;
}

function layoutBare(batch: RecordBatch, options: CompressionOptions): PayloadLayout {
  checkOrigin(batch.schema);
  checkSchema(batch.schema);
  const { body } = assembleBatch(batch.schema, batch);
  const layout = new PayloadLayout();
  addBatch(layout, batch, bodyEncoder(options)(body));
  return layout;
}

function addBatch(layout: PayloadLayout, { numRows: rows, metadata }: RecordBatch, body: EncodedBody): void {
  layout.add(batchMessage({ rows, body, metadata }), body);
}

function bodyEncoder({ compression }: CompressionOptions): (body: EncodedBody) => EncodedBody {
  if (compression === undefined) return (body) => body;
  const codec = compressorOf(compression);
  return (body) => compressBody(body, codec);
}

function toZBytes(layout: PayloadLayout, options: TableEncodeOptions = {}): ZBytes {
  const copies = new Ledger();
  const payload = ZBytes.fromSegments(layout.segments({ ...options, ledger: copies }));
  copies.attach(payload.ledger);
  return payload;
}
