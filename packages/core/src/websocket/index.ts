// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The entry for browsers, and for programs that reach zenoh by a server: the same API over a WebSocket.

export * from '../api.js';
export type { HandOver } from '../native/hand-over.js';
export type { RemovedSegment } from '../native/shm.js';
export type { ShmAllocAsyncOptions, ShmAllocOptions, ShmPolicy, ShmProviderOptions } from '../native/shm-provider.js';
export { cleanupOrphanedShmSegments, diagnoseShm, handOver, ShmProvider, ShmRecycler, takeOver } from './absent.js';
export type { ConfigOptions, ReconnectOptions } from './config.js';
export { Config } from './config.js';
export { alloc, heap } from './memory.js';
export type { WebSocketConstructor, WebSocketLike } from './socket.js';
