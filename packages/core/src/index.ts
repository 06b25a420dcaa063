// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
export { CoreError, NotZeroCopyError, SegmentError, ZenohError } from './errors.js';
export { Ledger } from './zbytes/ledger.js';
export { ZBytes } from './zbytes/zbytes.js';

export type { ErrorCode } from './errors.js';
export type { AllocOptions, NativeBuffer } from './native-buffer.js';
export type { CopyReason, LedgerSnapshot } from './zbytes/ledger.js';
export type { Ownership } from './zbytes/ownership.js';
export type { Segment } from './zbytes/segment-list.js';
export type { FromSegmentsOptions, IntoZBytes } from './zbytes/zbytes.js';
