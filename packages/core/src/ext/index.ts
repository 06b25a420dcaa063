// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// zenoh's serialization format, with the names and shapes of zenoh-ts's `ext`.

export { ZBytesDeserializer } from './deserializer.js';
export { BigIntFormat, NumberFormat } from './formats.js';
export type { EnsureSerializeable, ZDeserializeable, ZSerializeable } from './serializeable.js';
export { ZBytesSerializer } from './serializer.js';
export type { ZDTypeInfo, ZSTypeInfo } from './type-info.js';
export * as ZD from './zd.js';
export { zdeserialize } from './zdeserialize.js';
export * as ZS from './zs.js';
export { zserialize } from './zserialize.js';
