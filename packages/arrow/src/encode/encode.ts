// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Ledger, ZBytes } from '@zenoh-segments/core';
import { type RecordBatch, Schema, type Table } from 'apache-arrow';
import { invalid } from '../errors.js';
import { BodyAssembler, sameChunks, type UsedDictionary } from './body-assembler.js';
import { PayloadLayout, type SegmentOptions } from './layout.js';
import { batchMessage, dictionaryMessage, schemaHead } from './message.js';
import { childOf } from './pieces.js';

/** Options of {@link encodeBatch} and {@link tableToZBytes}. */
export type EncodeOptions = Omit<SegmentOptions, 'ledger'>;

/**
 * Plans the payload of one batch: schema, whole dictionaries, batch. No value is copied yet.
 *
 * @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_TYPE`, or `ARROW_INVALID` for vectors that contradict the schema.
 */
export function layoutBatch(batch: RecordBatch): PayloadLayout {
  return layoutAll(batch.schema, [batch]);
}

/** Plans the payload of all batches of a table, see {@link layoutBatch}. A dictionary is written again when it changed. */
export function layoutTable(table: Table): PayloadLayout {
  return layoutAll(table.schema, table.batches);
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
export function batchToSegments(batch: RecordBatch, options?: SegmentOptions): Uint8Array[] {
  return layoutBatch(batch).segments(options);
}

/**
 * One batch as a payload, see {@link batchToSegments}. The payload retains the batch's memory: write to the batch again
 * only after the payload's `released`. Its ledger tells what was copied.
 *
 * @throws {ArrowPayloadError} as {@link layoutBatch}.
 */
export function encodeBatch(batch: RecordBatch, options?: EncodeOptions): ZBytes {
  return toZBytes(layoutBatch(batch), options);
}

/** All batches of a table as one payload, see {@link encodeBatch}. */
export function tableToZBytes(table: Table, options?: EncodeOptions): ZBytes {
  return toZBytes(layoutTable(table), options);
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
 * @returns the bytes written.
 * @throws {ArrowPayloadError} `ARROW_TARGET` when the memory does not fit; as {@link layoutBatch} otherwise.
 */
export function writeBatch(target: Uint8Array, batch: RecordBatch | PayloadLayout, ledger?: Ledger): number {
  const layout = batch instanceof PayloadLayout ? batch : layoutBatch(batch);
  return layout.writeTo(target, ledger);
}

function layoutAll(schema: Schema, batches: readonly RecordBatch[]): PayloadLayout {
  // Its own `instanceof` takes any copy's class for this one, and then writes types it does not know.
  if (schema.constructor !== Schema) {
    throw invalid('the data come from another copy of apache-arrow (CommonJS beside ESM, or two versions): use one');
  }
  const layout = new PayloadLayout();
  layout.add(schemaHead(schema));
  const written = new Map<number, UsedDictionary>();
  for (const batch of batches) {
    const dictionaries = new Map<number, UsedDictionary>();
    const body = new BodyAssembler(dictionaries);
    schema.fields.forEach((field, index) => {
      body.column(field.type, childOf(batch.data, index, field.name), batch.numRows, field.name);
    });
    for (const dictionary of dictionaries.values()) {
      const last = written.get(dictionary.id);
      if (last !== undefined && sameChunks(last.chunks, dictionary.chunks)) continue;
      written.set(dictionary.id, dictionary);
      layout.add(dictionaryMessage(dictionary), dictionary.body);
    }
    layout.add(batchMessage(batch.numRows, body, batch.metadata), body);
  }
  return layout;
}

function toZBytes(layout: PayloadLayout, options: EncodeOptions = {}): ZBytes {
  const copies = new Ledger();
  const payload = ZBytes.fromSegments(layout.segments({ ...options, ledger: copies }));
  copies.attach(payload.ledger);
  return payload;
}
