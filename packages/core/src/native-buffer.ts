// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/**
 * Memory owned by native code, made by `alloc` or a `ShmProvider`, that JavaScript writes in place.
 *
 * Put as a payload it is never copied and may be read by zenoh on any thread: write it, put it, and write again only
 * after the payload's `released`.
 */
export interface NativeBuffer extends Disposable {
  /** Where the memory lives: this process's heap, or shared memory that other processes map. */
  readonly kind: 'heap' | 'shm';
  /** The memory, in place; starts at a multiple of `alignment`. Detached (length 0) after dispose. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes. */
  readonly size: number;
  /** Bytes; 64 unless asked otherwise. */
  readonly alignment: number;
  /** Gives the memory back: now, or when zenoh and the receivers let go of it. */
  [Symbol.dispose](): void;
}

/** Options of an allocation. */
export interface AllocOptions {
  /** A power of two, in bytes; 64 unless given. */
  readonly alignment?: number;
}
