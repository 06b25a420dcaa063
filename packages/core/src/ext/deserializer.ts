// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '../zbytes/zbytes.js';
import { MAX_DEPTH, MAX_EMPTY_ELEMENTS } from './limits.js';
import { malformed, Reader } from './reader.js';
import type { ZDeserializeable } from './serializeable.js';
import type { ZDTypeInfo } from './type-info.js';

/**
 * Deserializes values one after the other, as they were serialized: see `ZBytesSerializer`.
 *
 * Typed arrays are views of the payload's memory where one segment holds them aligned; otherwise just their bytes are
 * copied, and counted in the payload's ledger as `gather` or `misaligned`. Treat them as read-only, as all received
 * memory.
 *
 * Every method throws a {@link CoreError}: `DESERIALIZE` for bytes that are not what is asked for, and `PAYLOAD_DISPOSED`
 * when the payload was disposed before its end was read. No bytes make it reserve memory, or work, beyond a small
 * multiple of their own number. After an error there is no telling where the next value starts.
 */
export class ZBytesDeserializer {
  readonly #reader: Reader;
  #depth = 0;
  #emptyElements = 0;

  constructor(data: ZBytes | Uint8Array) {
    this.#reader = new Reader(data);
  }

  /** The length of a sequence, for containers of one's own. Any number may come: check it before reserving memory. */
  readSequenceLength(): number {
    return this.#reader.length();
  }

  /** @throws CoreError `DESERIALIZE` also for what is not UTF-8 (zenoh-ts replaces it). */
  deserializeString(): string {
    return this.#reader.string();
  }

  deserializeUint8Array(): Uint8Array {
    return this.#reader.array(Uint8Array);
  }

  deserializeUint16Array(): Uint16Array {
    return this.#reader.array(Uint16Array);
  }

  deserializeUint32Array(): Uint32Array {
    return this.#reader.array(Uint32Array);
  }

  deserializeBiguint64Array(): BigUint64Array {
    return this.#reader.array(BigUint64Array);
  }

  deserializeInt8Array(): Int8Array {
    return this.#reader.array(Int8Array);
  }

  deserializeInt16Array(): Int16Array {
    return this.#reader.array(Int16Array);
  }

  deserializeInt32Array(): Int32Array {
    return this.#reader.array(Int32Array);
  }

  deserializeBigint64Array(): BigInt64Array {
    return this.#reader.array(BigInt64Array);
  }

  deserializeFloat32Array(): Float32Array {
    return this.#reader.array(Float32Array);
  }

  deserializeFloat64Array(): Float64Array {
    return this.#reader.array(Float64Array);
  }

  deserializeBigintInt64(): bigint {
    const at = this.#reader.step(8);
    return this.#reader.view.getBigInt64(at, true);
  }

  deserializeBigintUint64(): bigint {
    const at = this.#reader.step(8);
    return this.#reader.view.getBigUint64(at, true);
  }

  /** 128 bits, signed: `i128` of Rust, `Int128` of Python. */
  deserializeBigintInt128(): bigint {
    return BigInt.asIntN(128, this.deserializeBigintUint128());
  }

  /** 128 bits, unsigned: `u128` of Rust, `UInt128` of Python. */
  deserializeBigintUint128(): bigint {
    const at = this.#reader.step(16);
    const { view } = this.#reader;
    return view.getBigUint64(at, true) | (view.getBigUint64(at + 8, true) << 64n);
  }

  deserializeNumberFloat64(): number {
    const at = this.#reader.step(8);
    return this.#reader.view.getFloat64(at, true);
  }

  deserializeNumberFloat32(): number {
    const at = this.#reader.step(4);
    return this.#reader.view.getFloat32(at, true);
  }

  /** @throws CoreError `DESERIALIZE` also for a number that a `number` has no exact form for: ask for a bigint then. */
  deserializeNumberInt64(): number {
    return safeNumber(this.deserializeBigintInt64());
  }

  /** @throws CoreError `DESERIALIZE` also for a number that a `number` has no exact form for: ask for a bigint then. */
  deserializeNumberUint64(): number {
    return safeNumber(this.deserializeBigintUint64());
  }

  deserializeNumberInt32(): number {
    const at = this.#reader.step(4);
    return this.#reader.view.getInt32(at, true);
  }

  deserializeNumberUint32(): number {
    const at = this.#reader.step(4);
    return this.#reader.view.getUint32(at, true);
  }

  deserializeNumberInt16(): number {
    const at = this.#reader.step(2);
    return this.#reader.view.getInt16(at, true);
  }

  deserializeNumberUint16(): number {
    const at = this.#reader.step(2);
    return this.#reader.view.getUint16(at, true);
  }

  deserializeNumberInt8(): number {
    const at = this.#reader.step(1);
    return this.#reader.view.getInt8(at);
  }

  deserializeNumberUint8(): number {
    const at = this.#reader.step(1);
    return this.#reader.view.getUint8(at);
  }

  /** @throws CoreError `DESERIALIZE` also for a byte other than 0 and 1. */
  deserializeBoolean(): boolean {
    const byte = this.deserializeNumberUint8();
    if (byte > 1) throw malformed(`${byte} is no boolean`);
    return byte === 1;
  }

  deserializeArray<T>(p: ZDTypeInfo<T>): T[] {
    const out: T[] = [];
    this.#sequence(() => {
      out.push(p.deserialize(this));
    });
    return out;
  }

  /** An element that comes twice is in the set once. */
  deserializeSet<T>(p: ZDTypeInfo<T>): Set<T> {
    const out = new Set<T>();
    this.#sequence(() => {
      out.add(p.deserialize(this));
    });
    return out;
  }

  /** Of a key that comes twice, the last value stays. */
  deserializeMap<K, V>(pKey: ZDTypeInfo<K>, pValue: ZDTypeInfo<V>): Map<K, V> {
    const out = new Map<K, V>();
    this.#sequence(() => {
      const key = pKey.deserialize(this);
      out.set(key, pValue.deserialize(this));
    });
    return out;
  }

  deserializeObject<T extends ZDeserializeable>(create: new () => T): T {
    return this.nested(() => {
      const object = new create();
      object.deserializeWithZDeserializer(this);
      return object;
    });
  }

  /** A value of the type that a tag of `ZD` tells. */
  deserialize<T>(p: ZDTypeInfo<T>): T {
    return p.deserialize(this);
  }

  /** Whether all bytes were read. */
  isDone(): boolean {
    return this.#reader.remaining === 0;
  }

  /** @internal Reads a value that may hold others of its own type, which the bytes decide. */
  nested<T>(read: () => T): T {
    if (this.#depth >= MAX_DEPTH) throw malformed(`values nested more than ${MAX_DEPTH} deep`);
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  /** Reads a length, and then each element: nothing is reserved for a length, which may be any number. */
  #sequence(readElement: () => void): void {
    this.nested(() => {
      const reader = this.#reader;
      const length = reader.length();
      if (length > reader.remaining + MAX_EMPTY_ELEMENTS - this.#emptyElements) {
        throw malformed(`a sequence of ${length} elements, where ${reader.remaining} bytes are left`);
      }
      for (let i = 0; i < length; i++) {
        const start = reader.position;
        readElement();
        if (reader.position === start && ++this.#emptyElements > MAX_EMPTY_ELEMENTS) {
          throw malformed(`more than ${MAX_EMPTY_ELEMENTS} elements of no bytes`);
        }
      }
    });
  }
}

function safeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw malformed(`${value} exceeds the safe range of numbers`);
  return number;
}
