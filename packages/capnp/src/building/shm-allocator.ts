// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Allocator, NativeBuffer } from '@zenoh-segments/core';
import { CapnpPayloadError } from '../errors.js';
import type { SegmentAllocator } from './allocator.js';

/** A header for seven segments; the first one then starts at half of a chunk's alignment. */
const HEADER_BYTES = 32;

/** Options of {@link shmAllocator}. */
export interface ShmAllocatorOptions {
  /** Bytes of each chunk; what one object needs when that is more. */
  readonly chunkBytes: number;
}

/** A {@link SegmentAllocator} that holds its chunks until it is disposed. */
export interface ChunkAllocator extends SegmentAllocator, Disposable {
  /** Gives the chunks back: now, or when zenoh and the receivers let go of them. Their messages can't be read here then. */
  [Symbol.dispose](): void;
}

/**
 * Chunks of a `ShmProvider`, or of any other allocator of core's (`heap`: memory that goes by lane without a copy).
 *
 * A message built in them is put without a copy, and reaches other processes of the machine by descriptor: one for each
 * chunk, and one for each adopted piece that is a chunk's start. The frame's header lies in the first chunk; a message of
 * more than seven segments has it elsewhere, and the first chunk is carried as bytes then. So give `chunkBytes` room for the
 * whole message. Use one allocator for each message: `using memory = shmAllocator(provider, { chunkBytes: 65_536 })` gives the chunks back when the message was put.
 *
 * `allocate` throws what `provider.alloc` does, such as `SHM_EXHAUSTED`.
 *
 * @throws {CapnpPayloadError} `CAPNP_INVALID` when `chunkBytes` is no positive whole number
 */
export function shmAllocator(provider: Allocator, { chunkBytes }: ShmAllocatorOptions): ChunkAllocator {
  if (!(Number.isSafeInteger(chunkBytes) && chunkBytes > 0)) {
    throw new CapnpPayloadError('CAPNP_INVALID', `chunkBytes must be a positive whole number, not ${chunkBytes}`);
  }
  let chunks: NativeBuffer[] = [];
  return {
    zeroed: false,
    headerBytes: HEADER_BYTES,
    allocate: (minBytes) => {
      const chunk = provider.alloc(Math.max(minBytes, chunkBytes));
      chunks.push(chunk);
      return chunk.bytes;
    },
    [Symbol.dispose]: () => {
      for (const chunk of chunks) chunk[Symbol.dispose]();
      chunks = [];
    },
  };
}
