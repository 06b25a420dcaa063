// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { MAX_DEPTH } from './limits.js';
import { invalid } from './numbers.js';
import type { ZSerializeable } from './serializeable.js';
import type { ZSTypeInfo } from './type-info.js';
import { kindOf } from './typed-array.js';
import * as ZS from './zs.js';

const TYPED_ARRAYS: Readonly<Record<string, () => ZSTypeInfo<never>>> = {
  Uint8Array: ZS.uint8array,
  Uint16Array: ZS.uint16array,
  Uint32Array: ZS.uint32array,
  BigUint64Array: ZS.biguint64array,
  Int8Array: ZS.int8array,
  Int16Array: ZS.int16array,
  Int32Array: ZS.int32array,
  BigInt64Array: ZS.bigint64array,
  Float32Array: ZS.float32array,
  Float64Array: ZS.float64array,
};

/**
 * How a value is serialized when nothing is said about it: the type of a container's elements is that of its first one.
 *
 * @throws CoreError `INVALID_ARGUMENT` for a value without a form, or one that nests too deep (as a cycle does)
 */
export function defaultTag(value: unknown, depth = 0): ZSTypeInfo<never> {
  if (depth > MAX_DEPTH) throw invalid(`nested less than ${MAX_DEPTH} deep`, value);
  switch (typeof value) {
    case 'number':
      return ZS.number();
    case 'bigint':
      return ZS.bigint();
    case 'string':
      return ZS.string();
    case 'boolean':
      return ZS.boolean();
  }
  if (isSerializeable(value)) return ZS.object();
  if (Array.isArray(value)) return ZS.array<never>(elementTag(value, depth));
  if (value instanceof Set) return ZS.set<never>(elementTag(value, depth));
  if (value instanceof Map)
    return ZS.map<never, never>(elementTag(value.keys(), depth), elementTag(value.values(), depth));
  const typedArray = TYPED_ARRAYS[kindOf(value) ?? ''];
  if (typedArray === undefined) throw invalid('of a type that zenoh has a form for', value);
  return typedArray();
}

/** How a container's elements are serialized; nothing for an empty one, whose elements may be of any type. */
export function elementTag(elements: Iterable<unknown>, depth = 0): ZSTypeInfo<never> | undefined {
  for (const first of elements) return defaultTag(first, depth + 1);
  return undefined;
}

function isSerializeable(value: unknown): value is ZSerializeable {
  const { serializeWithZSerializer } = (value ?? {}) as Partial<ZSerializeable>;
  return typeof serializeWithZSerializer === 'function';
}
