// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { vectorFromArray } from 'apache-arrow';
import type { FloatKind, IntervalKind } from './column.js';
import { FLAT } from './types.js';

/** How the format stores numbers of each kind; written without apache-arrow wherever it could lose something. */

const ARRAYS: Readonly<Record<string, { from(values: readonly number[]): ArrayBufferView }>> = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  date32: Int32Array,
  'time s': Int32Array,
  'time ms': Int32Array,
};

/** All others are 64-bit, and signed but for uint64. */
export function integerArray(kind: string, values: readonly bigint[]): ArrayBufferView {
  const short = ARRAYS[kind];
  if (short !== undefined) return short.from(values.map(Number));
  return (kind === 'uint64' ? BigUint64Array : BigInt64Array).from(values);
}

export function floatWords(kind: FloatKind, values: readonly number[]): ArrayBufferView {
  if (kind === 'float64') return Float64Array.from(values);
  if (kind === 'float32') return Float32Array.from(values);
  if (values.length === 0) return new Uint16Array(0);
  return (vectorFromArray(values, new FLAT.float16()).data[0] as { values: Uint16Array }).values.subarray(
    0,
    values.length,
  );
}

/** Integers in two's complement of `bits` bits. */
export function wordsOf(values: readonly bigint[], bits: number): Uint32Array {
  const each = bits / 32;
  const words = new Uint32Array(values.length * each);
  values.forEach((value, row) => {
    for (let i = 0; i < each; i++) words[row * each + i] = Number(BigInt.asUintN(32, value >> BigInt(32 * i)));
  });
  return words;
}

export function fromWords(words: Uint32Array): bigint {
  let value = 0n;
  words.forEach((word, index) => {
    value |= BigInt(word) << BigInt(32 * index);
  });
  return BigInt.asIntN(32 * words.length, value);
}

/** The 32-bit words of each part of an interval. */
export const INTERVAL_PARTS: Readonly<Record<IntervalKind, readonly number[]>> = {
  interval_months: [1],
  interval_days: [1, 1],
  interval_nanos: [1, 1, 2],
};

export function intervalWords(kind: IntervalKind, values: readonly (readonly string[] | null)[]): Int32Array {
  const parts = INTERVAL_PARTS[kind];
  const words = values.flatMap((value) =>
    parts.flatMap((size, index) => [...wordsOf([BigInt(value?.[index] ?? 0)], 32 * size)]),
  );
  return Int32Array.from(words);
}

/** From 0, ascending by the lengths. */
export function offsetsOf(large: boolean, lengths: readonly number[]): Int32Array | BigInt64Array {
  const offsets = [0];
  for (const length of lengths) offsets.push(offsets.at(-1)! + length);
  return large ? BigInt64Array.from(offsets, BigInt) : Int32Array.from(offsets);
}

/** Long values are in one of two buffers, by turns. */
export function viewsOf(values: readonly Uint8Array[]): { views: Uint8Array; variadicBuffers: Uint8Array[] } {
  const views = new Uint8Array(values.length * 16);
  const view = new DataView(views.buffer);
  const buffers: Uint8Array[][] = [[], []];
  const lengths = [0, 0];
  let long = 0;
  values.forEach((value, row) => {
    view.setInt32(row * 16, value.length, true);
    views.set(value.subarray(0, value.length > 12 ? 4 : 12), row * 16 + 4);
    if (value.length <= 12) return;
    const buffer = long++ % 2;
    view.setInt32(row * 16 + 8, buffer, true);
    view.setInt32(row * 16 + 12, lengths[buffer]!, true);
    buffers[buffer]!.push(value);
    lengths[buffer]! += value.length;
  });
  return { views, variadicBuffers: buffers.map((each) => Uint8Array.from(Buffer.concat(each))) };
}
