// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

export type { DecodeOptions } from './decode/decode.js';
export { decodeBatches, tableFromZBytes } from './decode/decode.js';
export type { EncodeOptions } from './encode/encode.js';
export { batchToSegments, encodeBatch, layoutBatch, layoutTable, tableToZBytes, writeBatch } from './encode/encode.js';
export type { LayoutPart, PayloadLayout, SegmentOptions } from './encode/layout.js';
export type { ArrowErrorCode, ArrowErrorDetails } from './errors.js';
export { ArrowPayloadError } from './errors.js';
export type { ArrowLimits } from './limits.js';
export { DEFAULT_LIMITS } from './limits.js';
export { ARROW_STREAM_MEDIA_TYPE } from './wire.js';
