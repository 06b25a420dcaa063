// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import './self-check.js';

export type { TypedArray } from './building/adopted.js';
export type { HeapAllocatorOptions, SegmentAllocator } from './building/allocator.js';
export { fixedAllocator, heapAllocator } from './building/allocator.js';
export { initElement } from './building/init-element.js';
export type { MessageBuilderOptions } from './building/message-builder.js';
export { MessageBuilder } from './building/message-builder.js';
export type { ChunkAllocator, ShmAllocatorOptions } from './building/shm-allocator.js';
export { shmAllocator } from './building/shm-allocator.js';
export { dataSegments } from './data-segments.js';
export type { CapnpEncodingOptions, ParsedCapnpEncoding } from './encoding.js';
export { capnpEncoding, parseCapnpEncoding } from './encoding.js';
export type { CapnpErrorCode } from './errors.js';
export { CapnpPayloadError } from './errors.js';
export type { FromZBytesOptions } from './from-zbytes.js';
export { fromZBytes } from './from-zbytes.js';
export type { CapnpLimits } from './limits.js';
export { listView } from './list-view.js';
export { ReceivedMessage } from './reading/received-message.js';
export type { ToZBytesOptions } from './to-segments.js';
export { toSegments, toZBytes } from './to-segments.js';
export * from './topic/index.js';
