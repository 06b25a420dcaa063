// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { NativeBuffer } from '@zenoh-segments/core';
import { Builder, ByteBuffer } from 'flatbuffers';

/** `table Reading { id: int; name: string; values: [double]; }`, as `flatc` would write its accessors. */
export interface Reading {
  readonly id: number;
  readonly name: string;
  readonly values: readonly number[];
}

const FIELDS = { id: 0, name: 1, values: 2 } as const;
const slot = (field: number) => 4 + 2 * field;

/** Writes a reading and finishes the buffer: the bytes are `builder.asUint8Array()`. */
export function write(builder: Builder, { id, name, values }: Reading): Uint8Array {
  const nameOffset = builder.createString(name);
  builder.startVector(8, values.length, 8);
  for (const value of [...values].reverse()) builder.addFloat64(value);
  const valuesOffset = builder.endVector();
  builder.startObject(3);
  builder.addFieldInt32(FIELDS.id, id, 0);
  builder.addFieldOffset(FIELDS.name, nameOffset, 0);
  builder.addFieldOffset(FIELDS.values, valuesOffset, 0);
  builder.finish(builder.endObject());
  return builder.asUint8Array();
}

/**
 * A builder over memory of an allocator. The library has no public way to give it any, and moves to memory of its own when
 * it must grow: the memory must be large enough. It fills memory from the end.
 */
export function builderIn(memory: NativeBuffer): Builder {
  const builder = new Builder(1);
  Object.assign(builder, { bb: new ByteBuffer(memory.bytes), space: memory.size });
  return builder;
}

/** The field at which `read` found its table, read where it is: numbers and texts come straight from `bytes`. */
export function read(bytes: Uint8Array, at = 0): Reading {
  const buffer = new ByteBuffer(bytes);
  const table = at + buffer.readInt32(at);
  const place = (field: number) => table + buffer.__offset(table, slot(field));
  const vector = place(FIELDS.values);
  const first = buffer.__vector(vector);
  return {
    id: buffer.readInt32(place(FIELDS.id)),
    name: buffer.__string(place(FIELDS.name)) as string,
    values: Array.from({ length: buffer.__vector_len(vector) }, (_, i) => buffer.readFloat64(first + 8 * i)),
  };
}
