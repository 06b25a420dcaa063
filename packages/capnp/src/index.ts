// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import './runtime.js';

export { capnpEncoding } from './encoding.js';
export type { CapnpErrorCode } from './errors.js';
export { CapnpPayloadError } from './errors.js';
export { fromZBytes } from './from-zbytes.js';
export type { CapnpLimits } from './limits.js';
export type { ToZBytesOptions } from './to-segments.js';
export { toSegments, toZBytes } from './to-segments.js';
