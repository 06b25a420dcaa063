// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '../zbytes/zbytes.js';
import { defaultTag, elementTag } from './default-tag.js';
import { checkBigInt, checkInteger, checkNumber, invalid, toBigInt } from './numbers.js';
import type { EnsureSerializeable } from './serializeable.js';
import type { ZSTypeInfo } from './type-info.js';
import { kindOf, type TypedArray } from './typed-array.js';
import { Writer } from './writer.js';

/**
 * Serializes values one after the other, as a tuple, in zenoh's format
 * (https://github.com/eclipse-zenoh/roadmap/blob/main/rfcs/ALL/Serialization.md): numbers are little-endian, and every
 * string, array, set and map starts with its length, a LEB128 number.
 *
 * A typed array of 1 KiB or more is not copied: it becomes a segment of the payload, which refers to the caller's
 * memory as a retained {@link ZBytes} does. All else is written into new memory, and counted in the payload's ledger:
 * small typed arrays as `coalesce`, other values as `convert`, shared or resizable memory as `unstable-memory`. Lengths
 * are not counted.
 *
 * Every method throws a {@link CoreError}: `INVALID_ARGUMENT` for a value of the wrong type, or a number that does not
 * fit in its format (zenoh-ts writes another number), `BUFFER_DETACHED` for a detached array. What a container held
 * before the value to blame is written already: start again with a new serializer.
 */
export class ZBytesSerializer {
  readonly #writer = new Writer();

  /** The length of a sequence, for containers of one's own: its elements come after it. */
  writeSequenceLength(len: number): void {
    this.#writer.length(len);
  }

  /** As UTF-8, with its length in bytes before. A lone surrogate becomes U+FFFD. */
  serializeString(val: string): void {
    if (typeof val !== 'string') throw invalid('a string', val);
    this.#writer.string(val);
  }

  serializeUint8Array(val: Uint8Array): void {
    this.#typedArray('Uint8Array', val);
  }

  serializeUint16Array(val: Uint16Array): void {
    this.#typedArray('Uint16Array', val);
  }

  serializeUint32Array(val: Uint32Array): void {
    this.#typedArray('Uint32Array', val);
  }

  serializeBiguint64Array(val: BigUint64Array): void {
    this.#typedArray('BigUint64Array', val);
  }

  serializeInt8Array(val: Int8Array): void {
    this.#typedArray('Int8Array', val);
  }

  serializeInt16Array(val: Int16Array): void {
    this.#typedArray('Int16Array', val);
  }

  serializeInt32Array(val: Int32Array): void {
    this.#typedArray('Int32Array', val);
  }

  serializeBigint64Array(val: BigInt64Array): void {
    this.#typedArray('BigInt64Array', val);
  }

  serializeFloat32Array(val: Float32Array): void {
    this.#typedArray('Float32Array', val);
  }

  serializeFloat64Array(val: Float64Array): void {
    this.#typedArray('Float64Array', val);
  }

  serializeBigintInt64(val: bigint): void {
    checkBigInt(val, 64, true);
    const at = this.#writer.value(8);
    this.#writer.view.setBigInt64(at, val, true);
  }

  serializeBigintUint64(val: bigint): void {
    checkBigInt(val, 64, false);
    const at = this.#writer.value(8);
    this.#writer.view.setBigUint64(at, val, true);
  }

  /** 128 bits, signed: `i128` of Rust, `Int128` of Python. */
  serializeBigintInt128(val: bigint): void {
    checkBigInt(val, 128, true);
    this.#bigint128(val);
  }

  /** 128 bits, unsigned: `u128` of Rust, `UInt128` of Python. */
  serializeBigintUint128(val: bigint): void {
    checkBigInt(val, 128, false);
    this.#bigint128(val);
  }

  serializeNumberFloat64(val: number): void {
    checkNumber(val);
    const at = this.#writer.value(8);
    this.#writer.view.setFloat64(at, val, true);
  }

  /** Rounded to the nearest number of 32 bits. */
  serializeNumberFloat32(val: number): void {
    checkNumber(val);
    const at = this.#writer.value(4);
    this.#writer.view.setFloat32(at, val, true);
  }

  serializeNumberInt64(val: number): void {
    this.serializeBigintInt64(toBigInt(val));
  }

  serializeNumberUint64(val: number): void {
    this.serializeBigintUint64(toBigInt(val));
  }

  serializeNumberInt32(val: number): void {
    checkInteger(val, 32, true);
    const at = this.#writer.value(4);
    this.#writer.view.setInt32(at, val, true);
  }

  serializeNumberUint32(val: number): void {
    checkInteger(val, 32, false);
    const at = this.#writer.value(4);
    this.#writer.view.setUint32(at, val, true);
  }

  serializeNumberInt16(val: number): void {
    checkInteger(val, 16, true);
    const at = this.#writer.value(2);
    this.#writer.view.setInt16(at, val, true);
  }

  serializeNumberUint16(val: number): void {
    checkInteger(val, 16, false);
    const at = this.#writer.value(2);
    this.#writer.view.setUint16(at, val, true);
  }

  serializeNumberInt8(val: number): void {
    checkInteger(val, 8, true);
    const at = this.#writer.value(1);
    this.#writer.view.setInt8(at, val);
  }

  serializeNumberUint8(val: number): void {
    checkInteger(val, 8, false);
    const at = this.#writer.value(1);
    this.#writer.view.setUint8(at, val);
  }

  /** As one byte, 0 or 1. */
  // biome-ignore lint/complexity/noBannedTypes: zenoh-ts accepts the wrapper class too
  serializeBoolean(val: Boolean): void {
    const plain: unknown = val instanceof Boolean ? val.valueOf() : val;
    if (typeof plain !== 'boolean') throw invalid('a boolean', val);
    const at = this.#writer.value(1);
    this.#writer.view.setUint8(at, plain ? 1 : 0);
  }

  /** All elements are written as `t` says; unless given, as the first element would be by default. */
  serializeArray<T>(val: EnsureSerializeable<T>[], t?: ZSTypeInfo<EnsureSerializeable<T>>): void {
    if (!Array.isArray(val)) throw invalid('an array', val);
    const tag = t ?? tagOf<T>(val);
    this.#writer.length(val.length);
    // By index: `for of` would read on when an element's own serialization makes the array longer.
    for (let i = 0, { length } = val; i < length; i++) tag?.serialize(this, val[i] as EnsureSerializeable<T>);
  }

  /** As an array of the elements in the order of the set, which the other side reads as a set or as a sequence. */
  serializeSet<T>(val: Set<EnsureSerializeable<T>>, t?: ZSTypeInfo<EnsureSerializeable<T>>): void {
    if (!(val instanceof Set)) throw invalid('a Set', val);
    this.serializeArray<T>([...val], t);
  }

  /** Each key is followed by its value. Unless given, the tags are those of the first key and value. */
  serializeMap<K, V>(
    m: Map<EnsureSerializeable<K>, EnsureSerializeable<V>>,
    tKey?: ZSTypeInfo<EnsureSerializeable<K>>,
    tValue?: ZSTypeInfo<EnsureSerializeable<V>>,
  ): void {
    if (!(m instanceof Map)) throw invalid('a Map', m);
    const keyTag = tKey ?? tagOf<K>(m.keys());
    const valueTag = tValue ?? tagOf<V>(m.values());
    const entries = [...m];
    this.#writer.length(entries.length);
    for (const [key, value] of entries) {
      keyTag?.serialize(this, key);
      valueTag?.serialize(this, value);
    }
  }

  /** Any value of a supported type; see `ZS` for tags. Unless given, numbers are Float64, and bigints Int64. */
  serialize<T>(val: EnsureSerializeable<T>, t?: ZSTypeInfo<EnsureSerializeable<T>>): void {
    (t ?? (defaultTag(val) as ZSTypeInfo<EnsureSerializeable<T>>)).serialize(this, val);
  }

  /** What was serialized, as a payload. The serializer is then empty, and can be used again. */
  finish(): ZBytes {
    return this.#writer.finish();
  }

  /** A copy of what was serialized so far. */
  toBytes(): Uint8Array {
    return this.#writer.toBytes();
  }

  #typedArray(kind: string, val: TypedArray): void {
    if (kindOf(val) !== kind) throw invalid(kind, val);
    this.#writer.array(val);
  }

  #bigint128(val: bigint): void {
    const at = this.#writer.value(16);
    this.#writer.view.setBigUint64(at, BigInt.asUintN(64, val), true);
    this.#writer.view.setBigUint64(at + 8, BigInt.asUintN(64, val >> 64n), true);
  }
}

function tagOf<T>(elements: Iterable<unknown>): ZSTypeInfo<EnsureSerializeable<T>> | undefined {
  return elementTag(elements) as ZSTypeInfo<EnsureSerializeable<T>> | undefined;
}
