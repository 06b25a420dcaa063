// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CapnpPayloadError } from '../errors.js';

/**
 * Where the memory of a {@link MessageBuilder} comes from. Each piece of memory becomes one segment of the message, from
 * its start: what is sent is a prefix of it, so a chunk of shared memory goes by descriptor.
 *
 * The memory may lie anywhere in an ArrayBuffer or SharedArrayBuffer. Let it start at a multiple of 8 there: nothing here
 * needs it, but receivers in shared memory, and `listView`, get typed arrays without a copy then. Bytes beyond a multiple
 * of 8 are left out.
 */
export interface SegmentAllocator {
  /**
   * At least `minBytes` of memory that nobody else writes to, and that stays as it is until the message was sent and
   * `released`. More is welcome: every call makes a segment, and a message has 511 at most.
   *
   * @param minBytes bytes, a multiple of 8.
   * @param allocated bytes the message was given by this allocator so far: as much again makes few segments.
   */
  allocate(minBytes: number, allocated: number): Uint8Array;
  /** Whether the memory is zeroed already; if not, every allocation in it is zeroed as it is handed out. */
  readonly zeroed: boolean;
  /**
   * Bytes, a multiple of 8, at the start of the first piece that are kept for the frame's header, so that header and first
   * segment are one piece: for memory that is sent by reference. Of them 4 are for each segment and 4 more; what a message
   * of fewer segments leaves is filled by announcing empty ones, and one of more segments has its header elsewhere. None
   * unless given.
   */
  readonly headerBytes?: number;
}

/** Options of {@link heapAllocator}. */
export interface HeapAllocatorOptions {
  /** Bytes of the first segment; 1024 unless given. */
  readonly firstBytes?: number;
}

/** No step grows a message by more than this, unless one object needs it. */
const LARGEST_STEP = 16 * 1024 * 1024;

/**
 * ArrayBuffers of JavaScript's heap: the first has `firstBytes`, each further one is as large as all before it together,
 * up to 16 MiB, and one object that needs more gets what it needs. It keeps nothing: builders may share one.
 *
 * @throws {CapnpPayloadError} `CAPNP_INVALID` when `firstBytes` is no positive whole number.
 */
export function heapAllocator({ firstBytes = 1024 }: HeapAllocatorOptions = {}): SegmentAllocator {
  if (!(Number.isSafeInteger(firstBytes) && firstBytes > 0)) {
    throw new CapnpPayloadError('CAPNP_INVALID', `firstBytes must be a positive whole number, not ${firstBytes}`);
  }
  return {
    zeroed: true,
    allocate: (minBytes, allocated) => {
      const wished = allocated === 0 ? firstBytes : Math.min(allocated, LARGEST_STEP);
      return new Uint8Array(Math.ceil(Math.max(minBytes, wished) / 8) * 8);
    },
  };
}

/**
 * Memory of the caller's: one piece, for one builder. When it is full, `next` gives further memory of at least `minBytes`.
 *
 * The memory stays the caller's; it need not be zeroed. The message refers to it: see {@link toSegments}.
 *
 * @throws {CapnpPayloadError} `CAPNP_INVALID` for less than 8 bytes; `CAPNP_LIMIT`, when building, once the memory is full
 * and there is no `next`.
 */
export function fixedAllocator(memory: Uint8Array, next?: (minBytes: number) => Uint8Array): SegmentAllocator {
  if (memory.byteLength < 8) {
    throw new CapnpPayloadError('CAPNP_INVALID', `${memory.byteLength} bytes have no room for a root pointer`);
  }
  let given = false;
  return {
    zeroed: false,
    allocate: (minBytes) => {
      if (!given && minBytes <= memory.byteLength) {
        given = true;
        return memory;
      }
      if (next !== undefined) return next(minBytes);
      throw new CapnpPayloadError(
        'CAPNP_LIMIT',
        `${minBytes} more bytes do not fit into the ${memory.byteLength} bytes given, and there is no \`next\``,
      );
    },
  };
}
