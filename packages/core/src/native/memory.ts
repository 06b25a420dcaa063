// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { constants } from 'node:buffer';
import type { AllocOptions, NativeBuffer } from '../native-buffer.js';
import { check } from '../qos.js';
import type { ShmPoolHandle } from './addon.js';
import { addon, call } from './load.js';

const DEFAULT_ALIGNMENT = 64;

/** The runtime has a longest ArrayBuffer (4 GiB in Node 20). */
function checkSize(size: number): void {
  check(Number.isSafeInteger(size) && size > 0 && size <= constants.MAX_LENGTH, 'size', size);
}

class Memory implements NativeBuffer {
  readonly kind: 'heap' | 'shm';
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly size: number;
  readonly alignment: number;
  readonly #region: number;

  constructor(kind: 'heap' | 'shm', [buffer, region]: [ArrayBuffer, number], alignment: number) {
    this.kind = kind;
    this.bytes = new Uint8Array(buffer);
    this.size = buffer.byteLength;
    this.alignment = alignment;
    this.#region = region;
  }

  [Symbol.dispose](): void {
    addon().releaseRegion(this.bytes.buffer, this.#region);
  }
}

/**
 * Allocates `size` bytes of zeroed memory that native code owns, on this process's heap, for JavaScript to fill in place.
 *
 * A payload over it is put without a copy whatever happens, and may be kept by zenoh. The garbage collector frees it, or
 * `[Symbol.dispose]` at once.
 *
 * @throws {CoreError} `INVALID_ARGUMENT` for a size of 0, a size beyond the system's memory, or an alignment that is no
 * power of two.
 */
export function alloc(size: number, options: AllocOptions = {}): NativeBuffer {
  const alignment = options.alignment ?? DEFAULT_ALIGNMENT;
  checkSize(size);
  return new Memory(
    'heap',
    call((native) => native.allocHeap(size, alignment)),
    alignment,
  );
}

/** Options of {@link ShmProvider}. */
export interface ShmProviderOptions {
  /** Bytes of the pool. They are locked in memory: see `ulimit -l`. */
  readonly size: number;
  /** Every chunk starts at a multiple of this power of two, in bytes; 64 unless given. */
  readonly alignment?: number;
}

/**
 * A pool of shared memory. A payload that is one chunk of it, from its start, reaches a process on the same machine by
 * descriptor: the cost does not grow with its size. Any other part of a chunk is carried as bytes.
 *
 * A chunk returns to the pool when it was disposed here and no process keeps a view of it: see `ZBytes`.
 */
export class ShmProvider {
  readonly size: number;
  readonly alignment: number;
  readonly #pool: ShmPoolHandle;

  /** @throws {CoreError} `SHM_UNAVAILABLE` when the system refuses the memory, `INVALID_ARGUMENT` */
  constructor(options: ShmProviderOptions) {
    this.size = options.size;
    this.alignment = options.alignment ?? DEFAULT_ALIGNMENT;
    this.#pool = call((native) => native.shmPool(this.size, this.alignment));
  }

  /**
   * A chunk of `size` bytes, to be filled in place. Its content is undefined: it may hold what was sent before.
   *
   * @throws {CoreError} `SHM_EXHAUSTED` when the pool has no room, `INVALID_ARGUMENT` for a size of 0
   */
  alloc(size: number): NativeBuffer {
    checkSize(size);
    return new Memory(
      'shm',
      call((native) => native.allocShm(this.#pool, size)),
      this.alignment,
    );
  }
}
