// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '../zbytes/zbytes.js';
import { ZBytesDeserializer } from './deserializer.js';
import { malformed } from './reader.js';
import type { ZDTypeInfo } from './type-info.js';

/**
 * The value that a payload holds, by a tag of `ZD`.
 *
 * @throws CoreError `DESERIALIZE` when the bytes are not such a value, or more than it; see {@link ZBytesDeserializer}
 */
export function zdeserialize<T>(t: ZDTypeInfo<T>, data: ZBytes | Uint8Array): T {
  const deserializer = new ZBytesDeserializer(data);
  const value = deserializer.deserialize(t);
  if (!deserializer.isDone()) throw malformed('there are bytes after its end');
  return value;
}
