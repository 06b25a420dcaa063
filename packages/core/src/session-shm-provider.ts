// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ShmAllocOptions, ShmPolicy } from './native/shm-provider.js';
import type { Allocator, NativeBuffer } from './native-buffer.js';

/** Options of {@link SessionShmProvider.alloc}. */
export interface SessionShmAllocOptions extends Omit<ShmAllocOptions, 'policy' | 'alignment'> {
  /** 1, or not given: zenoh makes this pool so. A `ShmProvider` aligns. */
  readonly alignment?: number;
  /** `gc` unless given. Not `deallocate`: zenoh's own messages are in this pool. */
  readonly policy?: Exclude<ShmPolicy, object> | undefined;
}

/**
 * The pool of shared memory that zenoh keeps for a session, into which it also copies payloads of 3 KiB and more
 * (`transport/shared_memory/transport_optimization`): one pool and one file for both, where a `ShmProvider` is another of
 * each. Nobody counts its use, so it has no figures, and its room depends on what zenoh sends.
 *
 * zenoh in Rust can also be given providers and clients of other kinds of shared memory. They are called on zenoh's threads,
 * inside a put or a receive, where JavaScript can not be: there are none here.
 */
export interface SessionShmProvider extends Allocator {
  /** Bytes of the pool, as configured. */
  readonly size: number;
  /**
   * A chunk of `size` bytes, as of `ShmProvider.alloc`: to be filled in place, its content undefined unless `zero` is asked
   * for. Never waits.
   *
   * @throws {CoreError} `SHM_EXHAUSTED` when the pool has no room, `INVALID_ARGUMENT`
   */
  alloc(size: number, options?: SessionShmAllocOptions): NativeBuffer;
  /** Frees the chunks that nobody refers to. @returns the size of the largest chunk freed, in bytes; 0 for none. */
  garbageCollect(): number;
}
