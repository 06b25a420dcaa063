// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { fixedAllocator } from '@zenoh-segments/capnp';

/** Memory full of what must be neither read nor written to, and an allocator of pieces amid it, with gaps. */
export function dirtyMemory(buffer: ArrayBufferLike, start: number, step: number) {
  const all = new Uint8Array(buffer).fill(0xee);
  const pieces: Uint8Array[] = [];
  let end = start;
  const next = (bytes: number) => {
    const piece = all.subarray(end, end + Math.max(step, bytes));
    end += piece.length + 64;
    pieces.push(piece);
    return piece;
  };
  return {
    allocator: fixedAllocator(next(step), next),
    /** Bytes beside the pieces that were written to. */
    touched: () => {
      const others = all.slice();
      for (const { byteOffset, byteLength } of pieces) others.fill(0xee, byteOffset, byteOffset + byteLength);
      return others.filter((byte) => byte !== 0xee).length;
    },
  };
}
