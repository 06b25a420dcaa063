// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { framed } from './craft.js';

/** Schema messages written byte by byte, as no builder makes them: tables that many others refer to. */
class Metadata {
  readonly #view: DataView;

  constructor(size: number) {
    this.#view = new DataView(new ArrayBuffer(size));
    const [message, schema] = [4, 32];
    this.refer(0, message);
    this.table(message, 20, [12, 14, 4]); // version, kind, header
    this.refer(message + 4, schema);
    this.#view.setInt16(message + 12, 4, true);
    this.#view.setUint8(message + 14, 1);
    this.table(schema, 40, [0, 4]); // endianness, fields
  }

  refer(at: number, to: number): void {
    this.#view.setUint32(at, to - at, true);
  }

  table(at: number, vtable: number, slots: readonly number[]): void {
    this.#view.setInt32(at, at - vtable, true);
    this.#view.setUint16(vtable, 4 + slots.length * 2, true);
    for (const [slot, offset] of slots.entries()) this.#view.setUint16(vtable + 4 + slot * 2, offset, true);
  }

  vector(at: number, to: readonly number[]): void {
    this.#view.setUint32(at, to.length, true);
    for (const [index, each] of to.entries()) this.refer(at + 4 + index * 4, each);
  }

  byte(at: number, value: number): void {
    this.#view.setUint8(at, value);
  }

  uint32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  /** The fields of the schema are those at the places given, all after {@link FIELDS}. */
  message(fields: readonly number[]): Uint8Array {
    this.refer(36, FIELDS);
    this.vector(FIELDS, fields);
    return framed(new Uint8Array(this.#view.buffer));
  }
}

const FIELDS = 56;
const FIRST = 96;
const FIELD = 48;
const NULL = 1;
const LIST = 12;
const STRUCT = 13;

/** A field of nested type at `at`, whose children are one and the same table, `times` times. */
function nestedField(metadata: Metadata, at: number, typeId: number, child: number, times: number): void {
  metadata.table(at, at + 28, [0, 0, 4, 8, 0, 12]); // kind of type, type, children
  metadata.byte(at + 4, typeId);
  // The type's table is any: nothing is read of it.
  metadata.refer(at + 8, at + FIELD);
  metadata.refer(at + 12, at + 16);
  metadata.vector(
    at + 16,
    Array.from({ length: times }, () => child),
  );
}

/** Structs whose two children are one and the same table: 2^levels fields. */
export function branchingSchema(levels: number): Uint8Array {
  const metadata = new Metadata(FIRST + levels * FIELD + 64);
  for (let level = 0; level < levels; level++) {
    const at = FIRST + level * FIELD;
    nestedField(metadata, at, STRUCT, at + FIELD, level + 1 < levels ? 2 : 0);
  }
  return metadata.message([FIRST]);
}

/** Lists of lists. */
export function deepSchema(levels: number): Uint8Array {
  const metadata = new Metadata(FIRST + levels * FIELD + 64);
  for (let level = 0; level < levels; level++) {
    const at = FIRST + level * FIELD;
    const isLast = level + 1 === levels;
    nestedField(metadata, at, isLast ? STRUCT : LIST, at + FIELD, isLast ? 0 : 1);
  }
  return metadata.message([FIRST]);
}

/** Fields that are one table, with a long name. */
export function sharedNames(fields: number, length: number): Uint8Array {
  const field = FIELDS + 8 + 4 * fields;
  const name = field + FIELD;
  const metadata = new Metadata(name + 8 + length);
  metadata.table(field, field + 28, [4, 0, 8, 12]); // name, kind of type, type
  metadata.refer(field + 4, name);
  metadata.byte(field + 8, STRUCT);
  metadata.refer(field + 12, field + 12);
  metadata.uint32(name, length);
  return metadata.message(Array.from({ length: fields }, () => field));
}

/** Fields of type `Null` that are one table, which refers to one vector of as many key-values, each without a text. */
export function sharedKeyValues(fields: number, keyValues: number): Uint8Array {
  const field = FIELDS + 8 + 4 * fields;
  const vector = field + FIELD;
  const entry = vector + 4 + 4 * keyValues;
  const metadata = new Metadata(entry + 8);
  metadata.table(field, field + 20, [0, 0, 4, 8, 0, 0, keyValues > 0 ? 12 : 0]); // kind of type, type, key-values
  metadata.byte(field + 4, NULL);
  metadata.refer(field + 8, field + 8);
  metadata.refer(field + 12, vector);
  metadata.table(entry, entry + 4, []);
  metadata.vector(
    vector,
    Array.from({ length: keyValues }, () => entry),
  );
  return metadata.message(Array.from({ length: fields }, () => field));
}
