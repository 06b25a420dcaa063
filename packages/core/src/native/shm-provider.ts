// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import type { IntoDuration } from '../duration.js';
import { milliseconds } from '../duration.js';
import { CoreError } from '../errors.js';
import type { Allocator, AllocOptions, NativeBuffer } from '../native-buffer.js';
import { check } from '../qos.js';
import type { ShmPoolStats } from '../shm-diagnosis.js';
import type { ShmPoolHandle, Shown } from './addon.js';
import { eventLoop } from './event-loop.js';
import { addon, call } from './load.js';
import { checkSize, DEFAULT_ALIGNMENT, Memory } from './memory.js';
import { sessionClosed, sessionOpened } from './signals.js';

/** A pool has a file as long as it lives. */
const collected = new FinalizationRegistry<undefined>(sessionClosed);

/** Until `pool` is collected, a signal ends the process in order: see signals.ts. */
export function hasFile(pool: object): void {
  sessionOpened();
  collected.register(pool, undefined);
}

/** Options of {@link ShmProvider}. */
export interface ShmProviderOptions {
  /** Bytes of the pool. They are locked in memory: see `ulimit -l`. */
  readonly size: number;
  /** Every chunk starts at a multiple of this power of two, in bytes; 64 unless given. */
  readonly alignment?: number;
}

/**
 * What an allocation does when the pool has no room.
 *
 * - `just-alloc`: fails.
 * - `gc` (default): frees the chunks that no process refers to any more, and tries again.
 * - `defragment`: as `gc`, then merges free neighbours. zenoh's allocator merges them whenever a chunk is freed, so that
 *   this finds no more room than `gc`; it is here for zenoh's sake.
 * - `{ deallocate: n }`: as `gc`, then **takes up to `n` chunks from whoever uses them**, the newest first, until there is
 *   room. Their messages are lost, or change under their readers: views in this process and in others then show the next
 *   chunk's bytes. For programs that know that nobody reads old messages; no memory is ever unmapped under a reader.
 */
export type ShmPolicy = 'just-alloc' | 'gc' | 'defragment' | { readonly deallocate: number };

/** Options of {@link ShmProvider.alloc}. */
export interface ShmAllocOptions extends AllocOptions {
  /** `gc` unless given. */
  readonly policy?: ShmPolicy | undefined;
  /** Fill the chunk with zeroes first; false unless given. */
  readonly zero?: boolean | undefined;
}

/** Options of {@link ShmProvider.allocAsync}. */
export interface ShmAllocAsyncOptions extends ShmAllocOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait at most; without an end unless given. */
  readonly timeout?: IntoDuration | undefined;
}

/** Kind and limit, as shm_policy.rs reads them. */
export function policyArguments(policy: ShmPolicy = 'gc'): [kind: number, limit: number] {
  if (typeof policy === 'object' && policy !== null) {
    check(Number.isSafeInteger(policy.deallocate) && policy.deallocate > 0, 'deallocate', policy.deallocate);
    return [3, policy.deallocate];
  }
  const kind = ['just-alloc', 'gc', 'defragment'].indexOf(policy);
  check(kind >= 0, 'policy', policy);
  return [kind, 0];
}

/**
 * A pool of shared memory. A payload that is one chunk of it, from its start, reaches a process on the same machine by
 * descriptor: the cost does not grow with its size. Any other part of a chunk is carried as bytes.
 *
 * A chunk returns to the pool when it was disposed here and no process keeps a view of it: see `ZBytes`. A process that was
 * killed while it held chunks keeps them for ever, unless `garbageCollect({ force: true })` takes them back.
 *
 * A pool is a file of its own that starts zeroed: a chunk's old bytes are those of this pool's earlier chunks, never
 * another program's memory. Who must not show one message's bytes in the next asks for `zero`, or writes every byte.
 *
 * The memory is freed when the provider was collected and nobody uses its chunks.
 */
export class ShmProvider implements Allocator {
  /** Bytes of the pool. */
  readonly size: number;
  /** Of every chunk, in bytes. */
  readonly alignment: number;
  readonly #pool: ShmPoolHandle;
  #tickets = 0;

  /**
   * @throws {CoreError} `SHM_LOCK_LIMIT` when the process may not lock so much memory (`ulimit -l`), `SHM_UNAVAILABLE` when
   * /dev/shm has no room or the system refuses, `INVALID_ARGUMENT`
   */
  constructor(options: ShmProviderOptions) {
    this.size = options.size;
    this.alignment = options.alignment ?? DEFAULT_ALIGNMENT;
    this.#pool = call((native) => native.shmPool(this.size, this.alignment));
    hasFile(this);
  }

  /**
   * A chunk of `size` bytes, to be filled in place. Its content is undefined unless `zero` is asked for. Never waits.
   *
   * @throws {CoreError} `SHM_EXHAUSTED` when the pool has no room, `INVALID_ARGUMENT` for a size of 0 or an alignment beyond
   * the pool's
   */
  alloc(size: number, options: ShmAllocOptions = {}): NativeBuffer {
    this.#check(size, options);
    const policy = policyArguments(options.policy);
    return this.#memory(
      call((native) => native.shmAlloc(this.#pool, size, ...policy)),
      options,
    );
  }

  /**
   * As `alloc`, but waits for room: zenoh's `BlockOn`, on a thread that is not JavaScript's. Those who wait are served in the
   * order they came; `alloc` does not stand in that line. The wait keeps the process alive.
   *
   * @throws {CoreError} `SHM_EXHAUSTED` after `timeout`, and at once for what the pool can never hold; `CANCELLED` by the
   * signal; `INVALID_ARGUMENT`
   */
  async allocAsync(size: number, options: ShmAllocAsyncOptions = {}): Promise<NativeBuffer> {
    this.#check(size, options);
    if (size > this.size) {
      throw new CoreError(
        'SHM_EXHAUSTED',
        `a shared-memory pool of ${this.size} bytes never has room for ${size} bytes`,
      );
    }
    const { signal } = options;
    const policy = policyArguments(options.policy);
    const limit = timeoutOf(options);
    if (signal?.aborted) throw cancelled(size, signal);
    this.#tickets = (this.#tickets + 1) >>> 0;
    const ticket = this.#tickets;
    const cancel = () => addon().shmCancel(this.#pool, ticket);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const memory = this.#memory(
        await eventLoop().operation<Shown>(() => addon().shmAllocAsync(this.#pool, ticket, size, ...policy, limit)),
        options,
      );
      if (!signal?.aborted) return memory;
      // The room came first, but the caller has turned away.
      memory[Symbol.dispose]();
      throw cancelled(size, signal);
    } catch (error) {
      throw signal?.aborted ? cancelled(size, signal) : error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** `size` less the bytes of chunks in use. Part of it may be in pieces too small for one chunk. */
  get available(): number {
    return this.stats().available;
  }

  /** Exact figures of this pool. A chunk counts as used until it is collected. */
  stats(): ShmPoolStats {
    return JSON.parse(call((native) => native.shmStats(this.#pool))) as ShmPoolStats;
  }

  /**
   * Frees the chunks that no process refers to any more; allocations do this by themselves when they need room.
   *
   * @param options `force` also frees the chunks whose users have stopped telling that they live, which takes up to 200 ms
   * after the end of the last: what a killed subscriber held. **Danger:** a subscriber that was only stopped (a debugger,
   * SIGSTOP, a starved machine) loses its messages the same way, and reads the bytes of later ones in views it kept.
   * @returns the size of the largest chunk freed, in bytes; 0 for none.
   */
  garbageCollect(options: { readonly force?: boolean } = {}): number {
    return call((native) => native.shmCollect(this.#pool, options.force ?? false));
  }

  /** Merges free neighbours; see the policy `defragment`. @returns the size of the largest result, in bytes; 0 for none. */
  defragment(): number {
    return call((native) => native.shmDefragment(this.#pool));
  }

  #check(size: number, { alignment = this.alignment }: AllocOptions): void {
    checkSize(size);
    // Both are powers of two.
    check(Number.isSafeInteger(alignment) && alignment > 0 && this.alignment % alignment === 0, 'alignment', alignment);
  }

  #memory(shown: Shown, { zero }: ShmAllocOptions): Memory {
    const memory = new Memory('shm', shown, this.alignment);
    if (zero === true) memory.bytes.fill(0);
    return memory;
  }
}

/** In ms; 0 for a wait without an end. @throws {CoreError} `INVALID_ARGUMENT` */
export function timeoutOf({ timeout }: ShmAllocAsyncOptions): number {
  const ms = timeout === undefined ? 0 : Math.ceil(milliseconds(timeout, 'timeout'));
  check(timeout === undefined || (Number.isFinite(ms) && ms > 0), 'timeout', ms);
  return ms;
}

export function cancelled(size: number, signal: AbortSignal): CoreError {
  return new CoreError('CANCELLED', `the wait for ${size} bytes of shared memory was cancelled`, {
    cause: signal.reason,
  });
}
