// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Struct } from 'capnp-es';
import { at, dataAt } from './place.js';

/** For the bits of a floating-point number. */
const word = new DataView(new ArrayBuffer(8));

/**
 * What stands in for capnp-es's functions of the same names, on structs of a message being built. Nothing is allocated on
 * the way, and a default is applied with all of its bits: the value on the wire is the field's, exclusive-or its default.
 *
 * Follows https://capnproto.org/encoding.html#default-values
 */
export const scalarFields = {
  getBit(bit: number, s: Struct, mask?: DataView): boolean {
    const offset = dataAt(s, bit >>> 3, 1);
    const byte = at.dv.getUint8(offset) ^ (mask === undefined ? 0 : mask.getUint8(0));
    return (byte & (1 << (bit & 7))) !== 0;
  },
  setBit(bit: number, value: boolean, s: Struct, mask?: DataView) {
    const offset = dataAt(s, bit >>> 3, 1);
    const one = 1 << (bit & 7);
    const rest = at.dv.getUint8(offset) & ~one;
    const wanted = (value ? one : 0) ^ (mask === undefined ? 0 : mask.getUint8(0) & one);
    at.dv.setUint8(offset, rest | wanted);
  },

  getInt8(offset: number, s: Struct, mask?: DataView): number {
    const value = at8(offset, s).getInt8(found);
    return mask === undefined ? value : value ^ mask.getInt8(0);
  },
  setInt8(offset: number, value: number, s: Struct, mask?: DataView) {
    at8(offset, s).setInt8(found, mask === undefined ? value : value ^ mask.getInt8(0));
  },
  getUint8(offset: number, s: Struct, mask?: DataView): number {
    const value = at8(offset, s).getUint8(found);
    return mask === undefined ? value : value ^ mask.getUint8(0);
  },
  setUint8(offset: number, value: number, s: Struct, mask?: DataView) {
    at8(offset, s).setUint8(found, mask === undefined ? value : value ^ mask.getUint8(0));
  },

  getInt16(offset: number, s: Struct, mask?: DataView): number {
    const value = at16(offset, s).getInt16(found, true);
    return mask === undefined ? value : value ^ mask.getInt16(0, true);
  },
  setInt16(offset: number, value: number, s: Struct, mask?: DataView) {
    at16(offset, s).setInt16(found, mask === undefined ? value : value ^ mask.getInt16(0, true), true);
  },
  getUint16(offset: number, s: Struct, mask?: DataView): number {
    const value = at16(offset, s).getUint16(found, true);
    return mask === undefined ? value : value ^ mask.getUint16(0, true);
  },
  setUint16(offset: number, value: number, s: Struct, mask?: DataView) {
    at16(offset, s).setUint16(found, mask === undefined ? value : value ^ mask.getUint16(0, true), true);
  },

  getInt32(offset: number, s: Struct, mask?: DataView): number {
    const value = at32(offset, s).getInt32(found, true);
    return mask === undefined ? value : value ^ mask.getInt32(0, true);
  },
  setInt32(offset: number, value: number, s: Struct, mask?: DataView) {
    at32(offset, s).setInt32(found, mask === undefined ? value : value ^ mask.getInt32(0, true), true);
  },
  getUint32(offset: number, s: Struct, mask?: DataView): number {
    const value = at32(offset, s).getUint32(found, true);
    return mask === undefined ? value : (value ^ mask.getUint32(0, true)) >>> 0;
  },
  setUint32(offset: number, value: number, s: Struct, mask?: DataView) {
    at32(offset, s).setUint32(found, mask === undefined ? value : value ^ mask.getUint32(0, true), true);
  },

  getInt64(offset: number, s: Struct, mask?: DataView): bigint {
    const value = at64(offset, s).getBigInt64(found, true);
    return mask === undefined ? value : value ^ mask.getBigInt64(0, true);
  },
  setInt64(offset: number, value: bigint, s: Struct, mask?: DataView) {
    at64(offset, s).setBigInt64(found, mask === undefined ? value : value ^ mask.getBigInt64(0, true), true);
  },
  getUint64(offset: number, s: Struct, mask?: DataView): bigint {
    const value = at64(offset, s).getBigUint64(found, true);
    return mask === undefined ? value : value ^ mask.getBigUint64(0, true);
  },
  setUint64(offset: number, value: bigint, s: Struct, mask?: DataView) {
    at64(offset, s).setBigUint64(found, mask === undefined ? value : value ^ mask.getBigUint64(0, true), true);
  },

  getFloat32(offset: number, s: Struct, mask?: DataView): number {
    const dv = at32(offset, s);
    if (mask === undefined) return dv.getFloat32(found, true);
    word.setUint32(0, dv.getUint32(found, true) ^ mask.getUint32(0, true));
    return word.getFloat32(0);
  },
  setFloat32(offset: number, value: number, s: Struct, mask?: DataView) {
    const dv = at32(offset, s);
    dv.setFloat32(found, value, true);
    if (mask !== undefined) dv.setUint32(found, dv.getUint32(found, true) ^ mask.getUint32(0, true), true);
  },
  getFloat64(offset: number, s: Struct, mask?: DataView): number {
    const dv = at64(offset, s);
    if (mask === undefined) return dv.getFloat64(found, true);
    word.setUint32(0, dv.getUint32(found + 4, true) ^ mask.getUint32(4, true));
    word.setUint32(4, dv.getUint32(found, true) ^ mask.getUint32(0, true));
    return word.getFloat64(0);
  },
  setFloat64(offset: number, value: number, s: Struct, mask?: DataView) {
    const dv = at64(offset, s);
    dv.setFloat64(found, value, true);
    if (mask === undefined) return;
    dv.setUint32(found, dv.getUint32(found, true) ^ mask.getUint32(0, true), true);
    dv.setUint32(found + 4, dv.getUint32(found + 4, true) ^ mask.getUint32(4, true), true);
  },
};

/** Where the last of the functions below found the value. */
let found = 0;

function at8(offset: number, s: Struct): DataView {
  found = dataAt(s, offset, 1);
  return at.dv;
}

function at16(offset: number, s: Struct): DataView {
  found = dataAt(s, offset, 2);
  return at.dv;
}

function at32(offset: number, s: Struct): DataView {
  found = dataAt(s, offset, 4);
  return at.dv;
}

function at64(offset: number, s: Struct): DataView {
  found = dataAt(s, offset, 8);
  return at.dv;
}
