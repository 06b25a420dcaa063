// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from '../errors.js';
import type { ZBytesDeserializer } from './deserializer.js';
import { BigIntFormat, NumberFormat } from './formats.js';
import type { ZDeserializeable } from './serializeable.js';
import { ZDTypeInfo } from './type-info.js';

type Read<T> = (deserializer: ZBytesDeserializer) => T;

const NUMBERS: Readonly<Record<NumberFormat, Read<number>>> = {
  [NumberFormat.Float64]: (z) => z.deserializeNumberFloat64(),
  [NumberFormat.Float32]: (z) => z.deserializeNumberFloat32(),
  [NumberFormat.Int64]: (z) => z.deserializeNumberInt64(),
  [NumberFormat.Uint64]: (z) => z.deserializeNumberUint64(),
  [NumberFormat.Int32]: (z) => z.deserializeNumberInt32(),
  [NumberFormat.Uint32]: (z) => z.deserializeNumberUint32(),
  [NumberFormat.Int16]: (z) => z.deserializeNumberInt16(),
  [NumberFormat.Uint16]: (z) => z.deserializeNumberUint16(),
  [NumberFormat.Int8]: (z) => z.deserializeNumberInt8(),
  [NumberFormat.Uint8]: (z) => z.deserializeNumberUint8(),
};

const BIGINTS: Readonly<Record<BigIntFormat, Read<bigint>>> = {
  [BigIntFormat.Int64]: (z) => z.deserializeBigintInt64(),
  [BigIntFormat.Uint64]: (z) => z.deserializeBigintUint64(),
  [BigIntFormat.Int128]: (z) => z.deserializeBigintInt128(),
  [BigIntFormat.Uint128]: (z) => z.deserializeBigintUint128(),
};

/** A `number` in a format: Float64 unless given. */
export function number(format: NumberFormat = NumberFormat.Float64): ZDTypeInfo<number> {
  return new ZDTypeInfo(ofFormat(NUMBERS, format));
}

/** A `bigint` in a format: Int64 unless given. */
export function bigint(format: BigIntFormat = BigIntFormat.Int64): ZDTypeInfo<bigint> {
  return new ZDTypeInfo(ofFormat(BIGINTS, format));
}

export function string(): ZDTypeInfo<string> {
  return new ZDTypeInfo((z) => z.deserializeString());
}

export function boolean(): ZDTypeInfo<boolean> {
  return new ZDTypeInfo((z) => z.deserializeBoolean());
}

export function uint8array(): ZDTypeInfo<Uint8Array> {
  return new ZDTypeInfo((z) => z.deserializeUint8Array());
}

export function uint16array(): ZDTypeInfo<Uint16Array> {
  return new ZDTypeInfo((z) => z.deserializeUint16Array());
}

export function uint32array(): ZDTypeInfo<Uint32Array> {
  return new ZDTypeInfo((z) => z.deserializeUint32Array());
}

export function biguint64array(): ZDTypeInfo<BigUint64Array> {
  return new ZDTypeInfo((z) => z.deserializeBiguint64Array());
}

export function int8array(): ZDTypeInfo<Int8Array> {
  return new ZDTypeInfo((z) => z.deserializeInt8Array());
}

export function int16array(): ZDTypeInfo<Int16Array> {
  return new ZDTypeInfo((z) => z.deserializeInt16Array());
}

export function int32array(): ZDTypeInfo<Int32Array> {
  return new ZDTypeInfo((z) => z.deserializeInt32Array());
}

export function bigint64array(): ZDTypeInfo<BigInt64Array> {
  return new ZDTypeInfo((z) => z.deserializeBigint64Array());
}

export function float32array(): ZDTypeInfo<Float32Array> {
  return new ZDTypeInfo((z) => z.deserializeFloat32Array());
}

export function float64array(): ZDTypeInfo<Float64Array> {
  return new ZDTypeInfo((z) => z.deserializeFloat64Array());
}

/** An object of a class that is made without arguments, and then fills itself. */
export function object<T extends ZDeserializeable>(create: new () => T): ZDTypeInfo<T> {
  return new ZDTypeInfo((z) => z.deserializeObject(create));
}

/** Whatever a function makes of the bytes. */
export function objectStatic<T>(create: (deserializer: ZBytesDeserializer) => T): ZDTypeInfo<T> {
  return new ZDTypeInfo((z) => z.nested(() => create(z)));
}

/** An array whose elements are all of one type. */
export function array<T>(t: ZDTypeInfo<T>): ZDTypeInfo<T[]> {
  return new ZDTypeInfo((z) => z.deserializeArray(t));
}

/** A set whose elements are all of one type; one that comes twice is in it once. zenoh-ts has no sets. */
export function set<T>(t: ZDTypeInfo<T>): ZDTypeInfo<Set<T>> {
  return new ZDTypeInfo((z) => z.deserializeSet(t));
}

/** A map; of a key that comes twice, the last value stays. */
export function map<K, V>(tKey: ZDTypeInfo<K>, tValue: ZDTypeInfo<V>): ZDTypeInfo<Map<K, V>> {
  return new ZDTypeInfo((z) => z.deserializeMap(tKey, tValue));
}

/** Values of known types one after the other, as Rust and Python write tuples. zenoh-ts has no tuples. */
export function tuple<T extends unknown[]>(...tags: { [K in keyof T]: ZDTypeInfo<T[K]> }): ZDTypeInfo<T> {
  return new ZDTypeInfo((z) => z.nested(() => tags.map((tag) => tag.deserialize(z)) as T));
}

function ofFormat<F extends number, T>(formats: Readonly<Record<F, T>>, format: F): T {
  const found = formats[format] as T | undefined;
  if (found === undefined) throw new CoreError('INVALID_ARGUMENT', `there is no format ${String(format)}`);
  return found;
}
