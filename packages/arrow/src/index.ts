// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

export type { Cell } from './building/cells.js';
export type { ColumnWriter } from './building/column-writer.js';
export type { BoolColumn, FixedColumn } from './building/fixed-column.js';
export type {
  ColumnWriterOf,
  ShmTableBuilderOptions,
  TableAllocator,
  TableRow,
} from './building/shm-table-builder.js';
export { ShmTableBuilder } from './building/shm-table-builder.js';
export type { TextColumn } from './building/text-column.js';
export type { CompressionName } from './compression/codec.js';
export { loadCompression } from './compression/load.js';
export type { DecodeOptions } from './decode/decode.js';
export { decodeBatches, tableFromZBytes } from './decode/decode.js';
export type { OpenHead } from './decode/open-head.js';
export { openHead } from './decode/open-head.js';
export type { ReadOptions } from './decode/payload-reader.js';
export type {
  CompressionOptions,
  EncodeOptions,
  FormOptions,
  LayoutOptions,
  TableEncodeOptions,
  TableParts,
} from './encode/encode.js';
export { batchToSegments, encodeBatch, layoutBatch, layoutTable, tableToZBytes, writeBatch } from './encode/encode.js';
export type { ArrowHead } from './encode/head.js';
export { headOf } from './encode/head.js';
export type { LayoutPart, PayloadLayout, SegmentOptions } from './encode/layout.js';
export type { ArrowErrorCode, ArrowErrorDetails } from './errors.js';
export { ArrowPayloadError } from './errors.js';
export type { ArrowLimits } from './limits.js';
export { DEFAULT_LIMITS } from './limits.js';
export * from './topic/index.js';
export { ARROW_STREAM_MEDIA_TYPE } from './wire.js';
