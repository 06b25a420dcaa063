// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { setTimeout } from 'node:timers/promises';
import { CoreError } from '../errors.js';
import type { Allocator, AllocOptions, NativeBuffer } from '../native-buffer.js';
import { check } from '../qos.js';
import { checkSize, type Memory } from './memory.js';
import {
  cancelled,
  type ShmAllocAsyncOptions,
  type ShmAllocOptions,
  type ShmProvider,
  timeoutOf,
} from './shm-provider.js';

/** How many chunks that may still be in use are asked about before another one is taken from the pool. */
const ASKED = 4;

/**
 * Chunks of a pool that are written again and again, for messages of about one size that follow each other fast: a camera's
 * frames, batches of rows. Making a chunk visible to JavaScript costs more than to send it, and here that is done once for
 * each chunk (64 KiB messages: see docs/speed.md).
 *
 * What `alloc` gives is used as a chunk of {@link ShmProvider.alloc} is: fill it, put it, dispose it when the put has settled.
 * There is one difference. Dispose keeps the memory **attached**, for a later `alloc`, which gives it when nobody, here or in
 * another process, reads it any more. Who writes to a chunk after its dispose changes a later message; who reads it sees one.
 * Where that can't be ruled out, take the chunks from the pool itself.
 *
 * It takes more chunks from the pool as long as all it has are in use, and keeps them until it is disposed or collected. Those
 * that a killed process held stay in use: after the recycler's dispose, `pool.garbageCollect({ force: true })` takes them back.
 */
export class ShmRecycler implements Allocator, Disposable {
  /** Of each chunk, in bytes. */
  readonly chunkBytes: number;
  readonly #pool: ShmProvider;
  /** Those that were given back, longest ago first; receivers may still read them. */
  readonly #idle: Memory[] = [];
  #disposed = false;
  /** One for all that are lent. */
  readonly #back = (memory: Memory) => {
    // Detached by somebody: it can't be written again.
    if (this.#disposed || memory.bytes.byteLength === 0) memory[Symbol.dispose]();
    else this.#idle.push(memory);
  };

  /**
   * Takes nothing from the pool yet.
   *
   * @param chunkBytes the most bytes of an allocation
   * @throws {CoreError} `INVALID_ARGUMENT`
   */
  constructor(pool: ShmProvider, chunkBytes: number) {
    checkSize(chunkBytes);
    this.#pool = pool;
    this.chunkBytes = chunkBytes;
  }

  /** Chunks that wait here for the next allocation; receivers may still read some. */
  get idle(): number {
    return this.#idle.length;
  }

  /**
   * A chunk's first `size` bytes, which show what was written there before, unless `zero` is asked for. Never waits. They
   * travel by descriptor, as the whole chunk would.
   *
   * @throws {CoreError} `SHM_EXHAUSTED` when every chunk is in use and the pool has no room, `INVALID_ARGUMENT` for a size
   * of 0, one beyond `chunkBytes`, or an alignment beyond the pool's
   */
  alloc(size: number, options: ShmAllocOptions = {}): NativeBuffer {
    this.#check(size, options);
    return this.#lend(this.#unused(ASKED) ?? this.#another(options), size, options);
  }

  /**
   * As `alloc`, but waits for room: it looks once a millisecond. Who came first is not served first.
   *
   * @throws {CoreError} `SHM_EXHAUSTED` after `timeout`, `CANCELLED` by the signal, `INVALID_ARGUMENT`
   */
  async allocAsync(size: number, options: ShmAllocAsyncOptions = {}): Promise<NativeBuffer> {
    const { signal } = options;
    const limit = timeoutOf(options);
    const start = performance.now();
    for (;;) {
      if (signal?.aborted) throw cancelled(size, signal);
      try {
        return this.alloc(size, options);
      } catch (error) {
        const late = limit > 0 && performance.now() - start >= limit;
        if (late || !(error instanceof CoreError) || error.code !== 'SHM_EXHAUSTED') throw error;
      }
      await setTimeout(1, undefined, { signal }).catch(() => {});
    }
  }

  /** Gives the chunks back to the pool, now and at the dispose of those that are lent: nothing is recycled any more. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#release();
  }

  #check(size: number, { alignment = 1 }: AllocOptions): void {
    checkSize(size);
    check(size <= this.chunkBytes, 'size', size);
    const aligned = Number.isSafeInteger(alignment) && alignment > 0 && this.#pool.alignment % alignment === 0;
    check(aligned, 'alignment', alignment);
  }

  #lend(memory: Memory, size: number, { zero }: ShmAllocOptions): NativeBuffer {
    const lent = new Lent(memory, size, this.#back);
    if (zero === true) lent.bytes.fill(0);
    return lent;
  }

  #release(): void {
    for (const memory of this.#idle.splice(0)) memory[Symbol.dispose]();
  }

  /** The first of `most` chunks that nobody uses. */
  #unused(most: number): Memory | undefined {
    for (let left = Math.min(most, this.#idle.length); left > 0; left--) {
      const memory = this.#idle.shift() as Memory;
      const use = memory.use();
      if (use === 'free') return memory;
      if (use === 'used') this.#idle.push(memory);
      else memory[Symbol.dispose]();
    }
    return undefined;
  }

  #another({ policy }: ShmAllocOptions): Memory {
    try {
      return this.#pool.alloc(this.chunkBytes, { policy }) as Memory;
    } catch (error) {
      if (!(error instanceof CoreError) || error.code !== 'SHM_EXHAUSTED') throw error;
      const memory = this.#unused(this.#idle.length);
      if (memory === undefined) throw error;
      return memory;
    }
  }
}

/** A chunk from its allocation to its dispose, which gives it back once. */
class Lent implements NativeBuffer {
  readonly kind = 'shm';
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly size: number;
  readonly alignment: number;
  readonly #back: (memory: Memory) => void;
  #memory: Memory | undefined;

  constructor(memory: Memory, size: number, back: (memory: Memory) => void) {
    this.bytes = size === memory.size ? memory.bytes : memory.bytes.subarray(0, size);
    this.size = size;
    this.alignment = memory.alignment;
    this.#memory = memory;
    this.#back = back;
  }

  [Symbol.dispose](): void {
    const memory = this.#memory;
    this.#memory = undefined;
    if (memory !== undefined) this.#back(memory);
  }
}
