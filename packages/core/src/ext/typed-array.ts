// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** The arrays that the format has a form for: a length, then the elements in little-endian order. */
export type TypedArray =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** What makes a typed array of a kind over given memory. */
export interface TypedArrayType<T extends TypedArray> {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

/** Whether this machine keeps numbers in the order of the format. */
export const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The name of a typed array's class, whatever realm made it and whatever extends it (a Buffer is a `Uint8Array`). */
export function kindOf(value: unknown): string | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  // DataView has a tag too, and is no kind of array.
  return (value as Partial<TypedArray>)[Symbol.toStringTag];
}

/** A copy with the bytes of each element in the opposite order. */
export function swapped(bytes: Uint8Array, elementBytes: number): Uint8Array {
  const out = new Uint8Array(bytes.byteLength);
  for (let at = 0; at < out.length; at += elementBytes) {
    for (let i = 0; i < elementBytes; i++) out[at + i] = bytes[at + elementBytes - 1 - i] as number;
  }
  return out;
}
