// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from '../errors.js';
import { BigIntFormat, NumberFormat } from './formats.js';
import { invalid } from './numbers.js';
import type { EnsureSerializeable, ZSerializeable } from './serializeable.js';
import type { ZBytesSerializer } from './serializer.js';
import { ZSTypeInfo } from './type-info.js';

type Write<T> = (serializer: ZBytesSerializer, val: T) => void;

const NUMBERS: Readonly<Record<NumberFormat, Write<number>>> = {
  [NumberFormat.Float64]: (z, val) => z.serializeNumberFloat64(val),
  [NumberFormat.Float32]: (z, val) => z.serializeNumberFloat32(val),
  [NumberFormat.Int64]: (z, val) => z.serializeNumberInt64(val),
  [NumberFormat.Uint64]: (z, val) => z.serializeNumberUint64(val),
  [NumberFormat.Int32]: (z, val) => z.serializeNumberInt32(val),
  [NumberFormat.Uint32]: (z, val) => z.serializeNumberUint32(val),
  [NumberFormat.Int16]: (z, val) => z.serializeNumberInt16(val),
  [NumberFormat.Uint16]: (z, val) => z.serializeNumberUint16(val),
  [NumberFormat.Int8]: (z, val) => z.serializeNumberInt8(val),
  [NumberFormat.Uint8]: (z, val) => z.serializeNumberUint8(val),
};

const BIGINTS: Readonly<Record<BigIntFormat, Write<bigint>>> = {
  [BigIntFormat.Int64]: (z, val) => z.serializeBigintInt64(val),
  [BigIntFormat.Uint64]: (z, val) => z.serializeBigintUint64(val),
  [BigIntFormat.Int128]: (z, val) => z.serializeBigintInt128(val),
  [BigIntFormat.Uint128]: (z, val) => z.serializeBigintUint128(val),
};

/** A `number` in a format: Float64 unless given. */
export function number(format: NumberFormat = NumberFormat.Float64): ZSTypeInfo<number> {
  return new ZSTypeInfo(ofFormat(NUMBERS, format));
}

/** A `bigint` in a format: Int64 unless given. */
export function bigint(format: BigIntFormat = BigIntFormat.Int64): ZSTypeInfo<bigint> {
  return new ZSTypeInfo(ofFormat(BIGINTS, format));
}

export function string(): ZSTypeInfo<string> {
  return new ZSTypeInfo((z, val) => z.serializeString(val));
}

export function boolean(): ZSTypeInfo<boolean> {
  return new ZSTypeInfo((z, val) => z.serializeBoolean(val));
}

export function uint8array<B extends ArrayBufferLike = ArrayBufferLike>(): ZSTypeInfo<Uint8Array<B>> {
  return new ZSTypeInfo((z, val) => z.serializeUint8Array(val));
}

export function uint16array<B extends ArrayBufferLike = ArrayBufferLike>(): ZSTypeInfo<Uint16Array<B>> {
  return new ZSTypeInfo((z, val) => z.serializeUint16Array(val));
}

export function uint32array<B extends ArrayBufferLike = ArrayBufferLike>(): ZSTypeInfo<Uint32Array<B>> {
  return new ZSTypeInfo((z, val) => z.serializeUint32Array(val));
}

export function biguint64array<B extends ArrayBufferLike = ArrayBufferLike>(): ZSTypeInfo<BigUint64Array<B>> {
  return new ZSTypeInfo((z, val) => z.serializeBiguint64Array(val));
}

export function int8array<B extends ArrayBufferLike = ArrayBufferLike>(): ZSTypeInfo<Int8Array<B>> {
  return new ZSTypeInfo((z, val) => z.serializeInt8Array(val));
}

export function int16array<B extends ArrayBufferLike = ArrayBufferLike>(): ZSTypeInfo<Int16Array<B>> {
  return new ZSTypeInfo((z, val) => z.serializeInt16Array(val));
}

export function int32array<B extends ArrayBufferLike = ArrayBufferLike>(): ZSTypeInfo<Int32Array<B>> {
  return new ZSTypeInfo((z, val) => z.serializeInt32Array(val));
}

export function bigint64array<B extends ArrayBufferLike = ArrayBufferLike>(): ZSTypeInfo<BigInt64Array<B>> {
  return new ZSTypeInfo((z, val) => z.serializeBigint64Array(val));
}

export function float32array<B extends ArrayBufferLike = ArrayBufferLike>(): ZSTypeInfo<Float32Array<B>> {
  return new ZSTypeInfo((z, val) => z.serializeFloat32Array(val));
}

export function float64array<B extends ArrayBufferLike = ArrayBufferLike>(): ZSTypeInfo<Float64Array<B>> {
  return new ZSTypeInfo((z, val) => z.serializeFloat64Array(val));
}

/** An object that serializes itself. */
export function object<T extends ZSerializeable>(): ZSTypeInfo<T> {
  return new ZSTypeInfo((z, val) => val.serializeWithZSerializer(z));
}

/** An array whose elements are all of one type: unless given, that of the first. */
export function array<T>(t?: ZSTypeInfo<EnsureSerializeable<T>>): ZSTypeInfo<EnsureSerializeable<T>[]> {
  return new ZSTypeInfo((z, val) => z.serializeArray<T>(val, t));
}

/** A set whose elements are all of one type: unless given, that of the first. zenoh-ts has no sets. */
export function set<T>(t?: ZSTypeInfo<EnsureSerializeable<T>>): ZSTypeInfo<Set<EnsureSerializeable<T>>> {
  return new ZSTypeInfo((z, val) => z.serializeSet<T>(val, t));
}

/** A map; the types of keys and values are, unless given, those of the first. */
export function map<K, V>(
  tKey?: ZSTypeInfo<EnsureSerializeable<K>>,
  tValue?: ZSTypeInfo<EnsureSerializeable<V>>,
): ZSTypeInfo<Map<EnsureSerializeable<K>, EnsureSerializeable<V>>> {
  return new ZSTypeInfo((z, val) => z.serializeMap<K, V>(val, tKey, tValue));
}

/** An array of known length with a type for each element; no length is written. zenoh-ts has no tuples. */
export function tuple<T extends unknown[]>(...tags: { [K in keyof T]: ZSTypeInfo<T[K]> }): ZSTypeInfo<T> {
  return new ZSTypeInfo((z, val) => {
    if (!Array.isArray(val) || val.length !== tags.length) throw invalid(`an array of ${tags.length} elements`, val);
    tags.forEach((tag, i) => {
      tag.serialize(z, val[i]);
    });
  });
}

function ofFormat<F extends number, T>(formats: Readonly<Record<F, T>>, format: F): T {
  const found = formats[format] as T | undefined;
  if (found === undefined) throw new CoreError('INVALID_ARGUMENT', `there is no format ${String(format)}`);
  return found;
}
