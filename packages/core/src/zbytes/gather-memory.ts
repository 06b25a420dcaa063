// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { moved } from '../detach.js';

/** Smaller copies are left to the garbage collector: recycling one costs more than it saves. */
const RECYCLED = 64 * 1024;

/** What is kept while nobody uses it, and for how many milliseconds at least. */
const IDLE_BYTES = 32 * 1024 * 1024;
const IDLE_MS = 1000;

/**
 * Memory for the copies of one payload, which go with it.
 *
 * Fresh memory costs several times what the copying does: it is cleared, its pages come one fault at a time, and what
 * waits for the garbage collector makes it mark the whole heap. So the memory of large copies is given back when the payload is
 * disposed, by moving it to a new ArrayBuffer: who still has a view of the old one sees length 0, never another payload's bytes.
 */
export class GatherMemory {
  #taken: ArrayBuffer[] | undefined;

  /** Room for `length` bytes, with whatever it held before. */
  take(length: number): Uint8Array {
    if (length < RECYCLED) return new Uint8Array(length);
    const block = idle.take(blockSize(length));
    this.#taken ??= [];
    this.#taken.push(block);
    return new Uint8Array(block, 0, length);
  }

  giveBack(): void {
    for (const block of this.#taken ?? []) idle.put(block);
    this.#taken = undefined;
  }
}

/** Blocks of a few sizes fit payloads of similar ones; an eighth is lost at most. */
function blockSize(length: number): number {
  const step = 2 ** (Math.floor(Math.log2(length)) - 3);
  return Math.ceil(length / step) * step;
}

/** What all payloads of this realm gave back. */
class IdleBlocks {
  readonly #bySize = new Map<number, ArrayBuffer[]>();
  #bytes = 0;
  #used = false;
  #sweeper: ReturnType<typeof setInterval> | undefined;

  take(size: number): ArrayBuffer {
    this.#used = true;
    const block = this.#bySize.get(size)?.pop();
    if (block === undefined) return new ArrayBuffer(size);
    this.#bytes -= size;
    return block;
  }

  /** A block that somebody detached is not ours any more. */
  put(block: ArrayBuffer): void {
    const size = block.byteLength;
    if (size === 0) return;
    const own = moved(block);
    if (own === undefined || this.#bytes + size > IDLE_BYTES) return;
    this.#used = true;
    this.#bytes += size;
    const others = this.#bySize.get(size);
    if (others === undefined) this.#bySize.set(size, [own]);
    else others.push(own);
    this.#sweepLater();
  }

  /** All is let go of when nobody came for a while. */
  #sweepLater(): void {
    if (this.#sweeper !== undefined) return;
    this.#sweeper = setInterval(() => {
      if (!this.#used) {
        this.#bySize.clear();
        this.#bytes = 0;
        clearInterval(this.#sweeper);
        this.#sweeper = undefined;
      }
      this.#used = false;
    }, IDLE_MS);
    // Browsers have numbers for timers, and no need of this.
    (this.#sweeper as { unref?: () => void }).unref?.();
  }
}

const idle = new IdleBlocks();
