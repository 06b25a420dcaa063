// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { constants } from 'node:buffer';
import type { Allocator, AllocOptions, NativeBuffer } from '../native-buffer.js';
import { check } from '../qos.js';
import type { Shown } from './addon.js';
import { addon, call } from './load.js';

export const DEFAULT_ALIGNMENT = 64;

/** The runtime has a longest ArrayBuffer (4 GiB in Node 20). */
export function checkSize(size: number): void {
  check(Number.isSafeInteger(size) && size > 0 && size <= constants.MAX_LENGTH, 'size', size);
}

const USES = ['free', 'used', 'lost'] as const;

/** Memory that native code owns. */
export class Memory implements NativeBuffer {
  readonly kind: 'heap' | 'shm';
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly size: number;
  readonly alignment: number;
  readonly #region: number;

  constructor(kind: 'heap' | 'shm', [buffer, region]: Shown, alignment: number) {
    this.kind = kind;
    this.bytes = new Uint8Array(buffer);
    this.size = buffer.byteLength;
    this.alignment = alignment;
    this.#region = region;
  }

  /** Of a chunk of shared memory: whether somebody else, here or in another process, still has it; `lost`: see `ShmPolicy`. */
  use(): 'free' | 'used' | 'lost' {
    return USES[addon().chunkUse(this.#region)] ?? 'lost';
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

/** {@link alloc} as an {@link Allocator}: for code that takes one and may as well be given a `ShmProvider`. */
export const heap: Allocator = { alloc };
