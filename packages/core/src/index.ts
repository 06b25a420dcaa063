// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

export * from './api.js';
export { Config } from './native/config.js';
export type { HandOver } from './native/hand-over.js';
export { handOver, takeOver } from './native/hand-over.js';
export { alloc, heap } from './native/memory.js';
export type { RemovedSegment } from './native/shm.js';
export { cleanupOrphanedShmSegments, diagnoseShm } from './native/shm.js';
export type { ShmAllocAsyncOptions, ShmAllocOptions, ShmPolicy, ShmProviderOptions } from './native/shm-provider.js';
export { ShmProvider } from './native/shm-provider.js';
export { ShmRecycler } from './native/shm-recycler.js';
