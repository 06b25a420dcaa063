// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Bool, type Data, makeData, Utf8 } from 'apache-arrow';
import type { Alloc } from '../../file/index.js';
import { arrowType, type ColumnType, type Value } from './column-type.js';

/** The value of a row; null for none. */
export type RowReader = (row: number) => Value | null;

/** Memory of JavaScript's. Like all memory a column is built in, it is zeroed. */
export const jsMemory: Alloc = (size) => new Uint8Array(size);

type NumberView = { [index: number]: number };

const NUMBERS = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
  date: Int32Array,
} as const;

const BIG_NUMBERS = { int64: BigInt64Array, uint64: BigUint64Array, timestamp: BigInt64Array } as const;

/** A column of `length` rows, each value written once, into memory that `alloc` gives. */
export function buildColumn(type: ColumnType, length: number, read: RowReader, alloc: Alloc): Data {
  if (type === 'utf8') return textColumn(length, read as (row: number) => string | null, alloc);
  const nulls = new NullBits(length, alloc);
  if (type === 'bool') {
    const data = take(bytesOfBits(length), alloc);
    for (let row = 0; row < length; row++) {
      const value = read(row);
      if (value === null) nulls.add(row);
      else if (value) setBit(data, row);
    }
    return makeData({ type: new Bool(), length, data, ...nulls.result() });
  }
  const data = type in BIG_NUMBERS ? bigNumbers(type, length, alloc) : numbers(type, length, alloc);
  const big = type in BIG_NUMBERS;
  for (let row = 0; row < length; row++) {
    const value = read(row);
    if (value === null) nulls.add(row);
    else (data as NumberView)[row] = (big && typeof value === 'number' ? BigInt(value) : value) as number;
  }
  return makeData({ type: arrowType(type), length, data, ...nulls.result() } as Parameters<typeof makeData>[0]);
}

function numbers(type: ColumnType, length: number, alloc: Alloc) {
  const View = NUMBERS[type as keyof typeof NUMBERS];
  return new View(...place(length * View.BYTES_PER_ELEMENT, alloc), length);
}

function bigNumbers(type: ColumnType, length: number, alloc: Alloc) {
  const View = BIG_NUMBERS[type as keyof typeof BIG_NUMBERS];
  return new View(...place(length * View.BYTES_PER_ELEMENT, alloc), length);
}

/** No allocator gives 0 bytes. */
function take(size: number, alloc: Alloc): Uint8Array {
  return alloc(Math.max(size, 1)).subarray(0, size);
}

/** Where `size` bytes are. */
function place(size: number, alloc: Alloc): [ArrayBuffer, number] {
  const { buffer, byteOffset } = take(size, alloc);
  return [buffer as ArrayBuffer, byteOffset];
}

/** The offsets of `length` texts or lists, all 0. */
export function offsetsFor(length: number, alloc: Alloc): Int32Array {
  return new Int32Array(...place((length + 1) * 4, alloc), length + 1);
}

/** All texts in UTF-8, one after the other, measured first so that the memory is allocated once. */
function textColumn(length: number, read: (row: number) => string | null, alloc: Alloc): Data {
  const nulls = new NullBits(length, alloc);
  const valueOffsets = offsetsFor(length, alloc);
  const texts: string[] = new Array(length);
  let end = 0;
  for (let row = 0; row < length; row++) {
    const text = read(row);
    if (text === null) nulls.add(row);
    else end += Buffer.byteLength(text);
    texts[row] = text ?? '';
    valueOffsets[row + 1] = end;
  }
  const [memory, at] = place(end, alloc);
  const data = Buffer.from(memory, at, end);
  for (let row = 0; row < length; row++) data.write(texts[row] as string, valueOffsets[row] as number);
  return makeData({ type: new Utf8(), length, valueOffsets, data, ...nulls.result() });
}

/** Which rows have no value; takes memory once there is one. */
export class NullBits {
  readonly #length: number;
  readonly #alloc: Alloc;
  #bits: Uint8Array | null = null;
  #count = 0;

  constructor(length: number, alloc: Alloc) {
    this.#length = length;
    this.#alloc = alloc;
  }

  add(row: number): void {
    this.#bits ??= take(bytesOfBits(this.#length), this.#alloc).fill(0xff);
    this.#bits[row >>> 3] = (this.#bits[row >>> 3] as number) & ~(1 << (row % 8));
    this.#count++;
  }

  result(): { readonly nullCount: number; readonly nullBitmap: Uint8Array | null } {
    return { nullCount: this.#count, nullBitmap: this.#bits };
  }
}

function bytesOfBits(length: number): number {
  return (length + 7) >>> 3;
}

function setBit(bits: Uint8Array, index: number): void {
  bits[index >>> 3] = (bits[index >>> 3] as number) | (1 << (index % 8));
}
