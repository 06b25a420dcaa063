// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { TypedArray } from '@zenoh-segments/capnp';

const small = (n: number) => Array.from({ length: n }, (_, i) => i * 25 - 50);
const large = (n: number) => Array.from({ length: n }, (_, i) => BigInt(i) * 3_000_000_000_000_000_000n - 5n);

/** Each kind of typed array, the field of `Kinds` that holds such a list, and `n` numbers of its range. */
export const ADOPTED_LISTS = [
  ['Int8Array', 'Int8s', (n) => Int8Array.from(small(n))],
  ['Uint8Array', 'Uint8s', (n) => Uint8Array.from(small(n))],
  ['Int16Array', 'Int16s', (n) => Int16Array.from(small(n), (value) => value * 300)],
  ['Uint16Array', 'Uint16s', (n) => Uint16Array.from(small(n), (value) => value * 300)],
  ['Int32Array', 'Int32s', (n) => Int32Array.from(small(n), (value) => value * 1e7)],
  ['Uint32Array', 'Uint32s', (n) => Uint32Array.from(small(n), (value) => value * 1e7)],
  ['BigInt64Array', 'Int64s', (n) => BigInt64Array.from(large(n))],
  ['BigUint64Array', 'Uint64s', (n) => BigUint64Array.from(large(n))],
  ['Float32Array', 'Float32s', (n) => Float32Array.from(small(n), (value) => value / 7)],
  ['Float64Array', 'Float64s', (n) => Float64Array.from(small(n), (value) => value / 7)],
] as const satisfies readonly (readonly [string, string, (n: number) => TypedArray])[];
