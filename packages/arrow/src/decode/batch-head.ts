// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Codec, codecOf } from '../compression/codec.js';
import { beyond, invalid, unsupportedFeature } from '../errors.js';
import type { ArrowLimits } from '../limits.js';
import type { FlatStructs, FlatTable } from './flat-table.js';

/** Bytes of a `FieldNode` and of a `Buffer` (Message.fbs): two 64-bit words each. */
const STRUCT_BYTES = 16;
const INT64_BYTES = 8;

/** The part of a record or dictionary batch's metadata that describes its body. */
export interface BatchHead {
  readonly rows: number;
  readonly nodes: FlatStructs;
  readonly regions: FlatStructs;
  /** The number of data buffers of each column of views, as 64-bit integers. */
  readonly variadicCounts: FlatStructs;
  /** How each buffer of the body is compressed. */
  readonly codec: Codec | undefined;
}

/**
 * Reads a `RecordBatch` table (Message.fbs).
 *
 * @throws {ArrowPayloadError} `ARROW_INVALID`, `ARROW_LIMIT`, and `ARROW_UNSUPPORTED_FEATURE` for a compression that is
 * not known.
 */
export function readBatchHead(table: FlatTable, limits: ArrowLimits): BatchHead {
  const rows = table.int64(0);
  if (rows < 0) throw invalid(`a batch of ${rows} rows`);
  if (rows > limits.maxRows) throw beyond('maxRows', rows, limits.maxRows);
  const codec = readCompression(table.table(3));
  return {
    rows,
    nodes: table.structs(1, STRUCT_BYTES),
    regions: table.structs(2, STRUCT_BYTES),
    variadicCounts: table.structs(4, INT64_BYTES),
    codec,
  };
}

/** A `BodyCompression` table (Message.fbs); its one method is to compress each buffer alone. */
function readCompression(table: FlatTable | undefined): Codec | undefined {
  if (table === undefined) return undefined;
  const method = table.uint8(1);
  if (method !== 0) throw unsupportedFeature(`compression method ${method}`);
  return codecOf(table.uint8(0));
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
