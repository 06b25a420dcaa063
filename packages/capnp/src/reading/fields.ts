// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Struct } from 'capnp-es';
import { structPlace } from './struct-place.js';

/**
 * capnp-es's getters of numbers, for received structs. A field beyond the struct's data (its sender did not know the
 * field) has its default. Defaults come as capnp-es's masks, the little-endian bytes that the stored value is XORed with.
 */
export const numbers = {
  getBit(bit: number, struct: Struct, mask?: DataView): boolean {
    const byte = numbers.getUint8(bit >>> 3, struct) ^ (mask?.getUint8(0) ?? 0);
    return (byte & (1 << (bit & 7))) !== 0;
  },
  getInt8(at: number, struct: Struct, mask?: DataView): number {
    const { segment, offset, dataBytes } = structPlace(struct);
    return (at + 1 <= dataBytes ? segment.getInt8(offset + at) : 0) ^ (mask?.getInt8(0) ?? 0);
  },
  getUint8(at: number, struct: Struct, mask?: DataView): number {
    const { segment, offset, dataBytes } = structPlace(struct);
    return (at + 1 <= dataBytes ? segment.getUint8(offset + at) : 0) ^ (mask?.getUint8(0) ?? 0);
  },
  getInt16(at: number, struct: Struct, mask?: DataView): number {
    const { segment, offset, dataBytes } = structPlace(struct);
    return (at + 2 <= dataBytes ? segment.getInt16(offset + at) : 0) ^ (mask?.getInt16(0, true) ?? 0);
  },
  getUint16(at: number, struct: Struct, mask?: DataView): number {
    const { segment, offset, dataBytes } = structPlace(struct);
    return (at + 2 <= dataBytes ? segment.getUint16(offset + at) : 0) ^ (mask?.getUint16(0, true) ?? 0);
  },
  getInt32(at: number, struct: Struct, mask?: DataView): number {
    const { segment, offset, dataBytes } = structPlace(struct);
    return (at + 4 <= dataBytes ? segment.getInt32(offset + at) : 0) ^ (mask?.getInt32(0, true) ?? 0);
  },
  getUint32(at: number, struct: Struct, mask?: DataView): number {
    const { segment, offset, dataBytes } = structPlace(struct);
    const stored = at + 4 <= dataBytes ? segment.getUint32(offset + at) : 0;
    return mask === undefined ? stored : (stored ^ mask.getUint32(0, true)) >>> 0;
  },
  getInt64(at: number, struct: Struct, mask?: DataView): bigint {
    const { segment, offset, dataBytes } = structPlace(struct);
    const stored = at + 8 <= dataBytes ? segment.getInt64(offset + at) : 0n;
    return mask === undefined ? stored : stored ^ mask.getBigInt64(0, true);
  },
  getUint64(at: number, struct: Struct, mask?: DataView): bigint {
    const { segment, offset, dataBytes } = structPlace(struct);
    const stored = at + 8 <= dataBytes ? segment.getUint64(offset + at) : 0n;
    return mask === undefined ? stored : stored ^ mask.getBigUint64(0, true);
  },
  getFloat32(at: number, struct: Struct, mask?: DataView): number {
    const { segment, offset, dataBytes } = structPlace(struct);
    if (mask === undefined) return at + 4 <= dataBytes ? segment.getFloat32(offset + at) : 0;
    bits.setUint32(0, numbers.getUint32(at, struct, mask));
    return bits.getFloat32(0);
  },
  getFloat64(at: number, struct: Struct, mask?: DataView): number {
    const { segment, offset, dataBytes } = structPlace(struct);
    if (mask === undefined) return at + 8 <= dataBytes ? segment.getFloat64(offset + at) : 0;
    bits.setBigUint64(0, numbers.getUint64(at, struct, mask));
    return bits.getFloat64(0);
  },
};

const bits = new DataView(new ArrayBuffer(8));
