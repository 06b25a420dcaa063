// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytesDeserializer } from './deserializer.js';
import type { ZBytesSerializer } from './serializer.js';
import type { TypedArray } from './typed-array.js';

/** A class whose objects know how to serialize themselves. */
export interface ZSerializeable {
  serializeWithZSerializer(serializer: ZBytesSerializer): void;
}

/** A class whose objects know how to fill themselves from serialized bytes. */
export interface ZDeserializeable {
  deserializeWithZDeserializer(deserializer: ZBytesDeserializer): void;
}

type Intersection<U> = (U extends unknown ? (member: U) => void : never) extends (all: infer I) => void ? I : never;

/** `T`, or never when it is a union, whose members would be written in different ways. `boolean` is one type. */
type Single<T> = [T] extends [boolean] ? T : [T] extends [Intersection<T>] ? T : never;

type Elements<T extends readonly unknown[]> = { [K in keyof T]: EnsureSerializeable<T[K]> };

/** `T`, or never when the format has no form for it. */
type Supported<T> = T extends ZSerializeable | number | bigint | string | boolean | TypedArray
  ? T
  : T extends readonly (infer U)[]
    ? number extends T['length']
      ? EnsureSerializeable<U, T>
      : T extends Elements<T>
        ? T
        : never
    : T extends Set<infer U>
      ? EnsureSerializeable<U, T>
      : T extends Map<infer K, infer V>
        ? [EnsureSerializeable<K>] extends [never]
          ? never
          : EnsureSerializeable<V, T>
        : never;

/** `X` when values of type `T` can be serialized, never otherwise: arrays of mixed types can't, for instance. */
export type EnsureSerializeable<T, X = T> = [Single<T>] extends [never]
  ? never
  : [Supported<T>] extends [never]
    ? never
    : X;
