// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytesDeserializer } from './deserializer.js';
import type { ZBytesSerializer } from './serializer.js';

/** How values of a type are serialized; made by the functions of `ZS`. */
export class ZSTypeInfo<T> {
  readonly #serialize: (serializer: ZBytesSerializer, val: T) => void;

  constructor(serialize: (serializer: ZBytesSerializer, val: T) => void) {
    this.#serialize = serialize;
  }

  /** @internal */
  serialize(serializer: ZBytesSerializer, val: T): void {
    this.#serialize(serializer, val);
  }
}

/** How values of a type are deserialized; made by the functions of `ZD`. */
export class ZDTypeInfo<T> {
  readonly #deserialize: (deserializer: ZBytesDeserializer) => T;

  constructor(deserialize: (deserializer: ZBytesDeserializer) => T) {
    this.#deserialize = deserialize;
  }

  /** @internal */
  deserialize(deserializer: ZBytesDeserializer): T {
    return this.#deserialize(deserializer);
  }
}
