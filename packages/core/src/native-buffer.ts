// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/**
 * Memory that a payload is sent from without a copy, with a moment at which it is given back: made by an
 * {@link Allocator} or `externalMemory`, and written in place by JavaScript.
 *
 * `heap` and `shm` memory may be read by zenoh on any thread: write it, put it, and write again only after the payload's
 * `released`.
 */
export interface NativeBuffer extends Disposable {
  /**
   * Where the memory lives: this process's heap, shared memory that other processes map, or memory of the user's own that
   * `externalMemory` wraps.
   */
  readonly kind: 'heap' | 'shm' | 'external';
  /** The memory, in place; starts at a multiple of `alignment`. Detached (length 0) after dispose, unless external. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes. */
  readonly size: number;
  /** Bytes; 64 unless asked otherwise. 1 for external memory, whose address nobody knows. */
  readonly alignment: number;
  /**
   * Gives the memory back: now, or when zenoh and the receivers let go of it. Node's own asynchronous calls that were given the
   * bytes (`fs`, `zlib`, sockets) must have ended before.
   */
  [Symbol.dispose](): void;
}

/** Options of an allocation. */
export interface AllocOptions {
  /** A power of two, in bytes; 64 unless given. */
  readonly alignment?: number;
}

/**
 * Where memory for payloads comes from: `heap`, a `ShmProvider`, or any object of the user's own, such as one that wraps
 * what another library allocates with `externalMemory`.
 */
export interface Allocator {
  /**
   * Memory of exactly `size` bytes, owned by the caller until its dispose.
   *
   * @throws an error whose `code` says why there is none.
   */
  alloc(size: number, options?: AllocOptions): NativeBuffer;
}
