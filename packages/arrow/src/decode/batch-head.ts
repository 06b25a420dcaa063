// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CompressionType } from 'apache-arrow';
import { beyond, invalid, unsupportedFeature } from '../errors.js';
import type { ArrowLimits } from '../limits.js';
import type { FlatStructs, FlatTable } from './flat-table.js';

/** Bytes of a `FieldNode` and of a `Buffer` (Message.fbs): two 64-bit words each. */
const STRUCT_BYTES = 16;

/** The part of a record or dictionary batch's metadata that describes its body. */
export interface BatchHead {
  readonly rows: number;
  readonly nodes: FlatStructs;
  readonly regions: FlatStructs;
}

/**
 * Reads a `RecordBatch` table (Message.fbs).
 *
 * @throws {ArrowPayloadError} `ARROW_INVALID`, `ARROW_LIMIT`, and `ARROW_UNSUPPORTED_FEATURE` for a compressed body.
 */
export function readBatchHead(table: FlatTable, limits: ArrowLimits): BatchHead {
  const rows = table.int64(0);
  if (rows < 0) throw invalid(`a batch of ${rows} rows`);
  if (rows > limits.maxRows) throw beyond('maxRows', rows, limits.maxRows);
  const compression = table.table(3);
  if (compression !== undefined) {
    const codec = compression.uint8(0);
    throw unsupportedFeature(`compression ${CompressionType[codec] ?? codec}`);
  }
  return { rows, nodes: table.structs(1, STRUCT_BYTES), regions: table.structs(2, STRUCT_BYTES) };
}

/** A `DictionaryBatch` table (Message.fbs). */
export interface DictionaryHead {
  readonly id: number;
  readonly isDelta: boolean;
  readonly batch: BatchHead;
}

/** @throws {ArrowPayloadError} as {@link readBatchHead}. */
export function readDictionaryHead(table: FlatTable, limits: ArrowLimits): DictionaryHead {
  const batch = table.table(1);
  if (batch === undefined) throw invalid('a dictionary message without values');
  return { id: table.int64(0), isDelta: table.bool(2), batch: readBatchHead(batch, limits) };
}
