// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { alloc, type NativeBuffer, ShmProvider } from '@zenoh-segments/core';
import { CliError, codeOf } from '../cli-error.js';

/** Memory of native code that input is read into, and from which zenoh sends it without a copy. */
export interface Memory {
  /** Whether other processes map it. */
  readonly shared: boolean;
  /** Waits until there is room for a batch as large as the largest so far. */
  ready(): Promise<void>;
  /** Memory for a part of the batch in work. */
  take(size: number): Uint8Array;
  /** Gives back what was taken since the last call. */
  release(): void;
  /** Waits, a few seconds at most, until subscribers gave everything back. */
  drain(): Promise<void>;
}

export class HeapMemory implements Memory {
  readonly shared = false;
  readonly #taken: NativeBuffer[] = [];

  async ready(): Promise<void> {}

  take(size: number): Uint8Array {
    const buffer = alloc(size);
    this.#taken.push(buffer);
    return buffer.bytes;
  }

  release(): void {
    for (const buffer of this.#taken.splice(0)) buffer[Symbol.dispose]();
  }

  async drain(): Promise<void> {}
}

/** What zenoh's allocator keeps for itself of a pool, at most. */
const OVERHEAD_BYTES = 64 * 1024;
const RETRY_MS = 1;
/** How long a subscriber may keep the pool full before the user is told. */
const PATIENCE_MS = 2000;
/** How long subscribers have to map what was sent last: the pool is gone with this process. */
const DRAIN_MS = 5000;

function poolOf(size: number): ShmProvider {
  try {
    return new ShmProvider({ size });
  } catch (cause) {
    if (codeOf(cause) !== 'SHM_UNAVAILABLE') throw cause;
    throw new CliError('SHM_UNAVAILABLE', `${(cause as Error).message}; --shm takes another size in MiB`, { cause });
  }
}

/** A pool of shared memory. A subscriber that keeps what it received holds its chunks: then the publisher waits. */
export class ShmMemory implements Memory {
  readonly shared = true;
  readonly #provider: ShmProvider;
  readonly #signal: AbortSignal;
  readonly #warn: (text: string) => void;
  readonly #taken: NativeBuffer[] = [];
  #spare: NativeBuffer | undefined;
  #largest = 0;

  /** @param warn told once each time the pool stays full for long. */
  constructor(bytes: number, signal: AbortSignal, warn: (text: string) => void) {
    this.#provider = poolOf(bytes);
    this.#signal = signal;
    this.#warn = warn;
  }

  async ready(): Promise<void> {
    if (this.#largest === 0 || this.#spare !== undefined) return;
    this.#spare = await this.#room(this.#largest);
  }

  take(size: number): Uint8Array {
    if (size > this.#provider.size - OVERHEAD_BYTES) throw this.#tooLarge(size);
    const chunk = this.#fromSpare(size) ?? this.#wait(size);
    this.#largest = Math.max(this.#largest, size);
    this.#taken.push(chunk);
    return chunk.bytes.subarray(0, size);
  }

  release(): void {
    for (const chunk of this.#taken.splice(0)) chunk[Symbol.dispose]();
  }

  async drain(): Promise<void> {
    this.#spare?.[Symbol.dispose]();
    this.#spare = undefined;
    const whole = await this.#room(this.#provider.size - OVERHEAD_BYTES, DRAIN_MS);
    whole?.[Symbol.dispose]();
  }

  #fromSpare(size: number): NativeBuffer | undefined {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined && spare.size >= size) return spare;
    spare?.[Symbol.dispose]();
    return undefined;
  }

  /** Whoever reads an input asks for memory in the middle of a read: for a batch larger than all before, this blocks. */
  #wait(size: number): NativeBuffer {
    const sleeper = new Int32Array(new SharedArrayBuffer(4));
    for (let waited = 0; waited < DRAIN_MS; waited += RETRY_MS) {
      const chunk = this.#try(size);
      if (chunk !== undefined) return chunk;
      Atomics.wait(sleeper, 0, 0, RETRY_MS);
    }
    throw this.#tooLarge(size);
  }

  /** Undefined when there was no room within `limit` milliseconds. */
  async #room(size: number, limit?: number): Promise<NativeBuffer | undefined> {
    const slow = setTimeout(() => this.#warn('waiting for subscribers to give shared memory back'), PATIENCE_MS);
    try {
      return await this.#provider.allocAsync(size, { signal: this.#signal, timeout: limit });
    } catch (error) {
      if (codeOf(error) === 'SHM_EXHAUSTED') return undefined;
      throw error;
    } finally {
      clearTimeout(slow);
    }
  }

  #try(size: number): NativeBuffer | undefined {
    try {
      return this.#provider.alloc(size);
    } catch (error) {
      if (codeOf(error) === 'SHM_EXHAUSTED') return undefined;
      throw error;
    }
  }

  #tooLarge(size: number): CliError {
    const pool = this.#provider.size / 2 ** 20;
    const needed = Math.ceil((size + OVERHEAD_BYTES) / 2 ** 20);
    return new CliError(
      'SHM_EXHAUSTED',
      `a batch needs ${size} bytes of a shared-memory pool of ${pool} MiB, which subscribers may keep part of: ` +
        `use --shm ${Math.max(needed * 2, pool * 2)}, or smaller batches`,
    );
  }
}
