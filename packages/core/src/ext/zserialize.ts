// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '../zbytes/zbytes.js';
import type { EnsureSerializeable } from './serializeable.js';
import { ZBytesSerializer } from './serializer.js';
import type { ZSTypeInfo } from './type-info.js';

/**
 * A value as a payload in zenoh's serialization format, which zenoh-ext reads in every language.
 *
 * @param val a number, bigint, string, boolean or typed array; an array, Set or Map of them; or an object that
 * implements `ZSerializeable`
 * @param t how it is written: unless given, numbers are Float64, bigints Int64, and a container's elements are all
 * written as the first one
 * @throws CoreError the same as the methods of {@link ZBytesSerializer}
 */
export function zserialize<T>(val: EnsureSerializeable<T>, t?: ZSTypeInfo<EnsureSerializeable<T>>): ZBytes {
  const serializer = new ZBytesSerializer();
  serializer.serialize<T>(val, t);
  return serializer.finish();
}
