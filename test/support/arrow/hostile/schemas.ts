// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type DataType,
  Decimal,
  Dictionary,
  Field,
  Int8,
  Int32,
  Interval,
  List,
  Map_,
  Schema,
  Struct,
  Time,
  TimeSecond,
  Utf8,
} from 'apache-arrow';
import { Message } from 'apache-arrow/ipc/metadata/message';
import { type HostileCase, hostile } from './case.js';
import { batchOf, framed, joined, schemaOf } from './craft.js';
import { branchingSchema, deepSchema, sharedNames } from './flat.js';

function damaged<T extends DataType>(type: T, fields: object): T {
  return Object.assign(type, fields);
}

/** A stream of one column of integers, with one number of its schema message set. */
function patched(of: 'version' | 'endianness' | 'kind', value: number): () => Uint8Array {
  return () => {
    const metadata = Message.encode(Message.from(new Schema([new Field('a', new Int32(), true)]))).slice();
    const view = new DataView(metadata.buffer, metadata.byteOffset, metadata.byteLength);
    const message = view.getUint32(0, true);
    const at = (table: number, slot: number) => {
      const vtable = table - view.getInt32(table, true);
      return table + view.getUint16(vtable + 4 + slot * 2, true);
    };
    if (of === 'version') view.setInt16(at(message, 0), value, true);
    else if (of === 'kind') view.setUint8(at(message, 1), value);
    else {
      const header = at(message, 2);
      const schema = header + view.getUint32(header, true);
      // Little-endian is the default, which takes no bytes: the table's room for its fields is given to another.
      const vtable = schema - view.getInt32(schema, true);
      view.setUint16(vtable + 4, view.getUint16(vtable + 6, true), true);
    }
    return joined(framed(metadata), batchOf({ parts: [new Uint8Array(0), new Int32Array(8)] }));
  };
}

export const SCHEMAS: readonly HostileCase[] = [
  hostile(
    '1 KB of tables that share children: 2^22 fields',
    () => branchingSchema(22),
    'INVALID',
    /refers to the same bytes too often/,
  ),
  hostile(
    'tables that share children, 2^40 fields',
    () => branchingSchema(40),
    'INVALID',
    /refers to the same bytes too often/,
  ),
  hostile('20,000 levels of nesting', () => deepSchema(20_000), 'LIMIT', /maxDepth/),
  hostile('65 levels of nesting', () => deepSchema(65), 'LIMIT', /maxDepth/),
  hostile(
    '10,000 fields of one name of 60 KB',
    () => sharedNames(10_000, 60_000),
    'INVALID',
    /refers to the same bytes too often/,
  ),
  hostile('20,000 fields', () => schemaOf(...Array.from({ length: 20_000 }, () => new Int8())), 'LIMIT', /maxFields/),
  hostile('big-endian data', patched('endianness', 1), 'UNSUPPORTED_FEATURE', /big-endian/),
  hostile('metadata of version 6', patched('version', 5), 'UNSUPPORTED_FEATURE', /metadata version V6/),
  hostile('metadata of version 3', patched('version', 2), 'UNSUPPORTED_FEATURE', /metadata version V3/),
  hostile('metadata of version 1', patched('version', 0), 'UNSUPPORTED_FEATURE', /metadata version V1/),
  hostile('metadata of a negative version', patched('version', -1), 'UNSUPPORTED_FEATURE', /metadata version V0/),
  hostile('a tensor', patched('kind', 4), 'UNSUPPORTED_FEATURE', /Tensor/),
  hostile('a message of no kind', patched('kind', 0), 'INVALID', /unknown kind 0/),
  hostile('a message of an unknown kind', patched('kind', 77), 'INVALID', /unknown kind 77/),
  hostile('a schema that says it is a batch', patched('kind', 3), 'NO_SCHEMA', /starts with a RecordBatch/),
  hostile(
    'an integer of 24 bits',
    () => schemaOf(damaged(new Int32(), { bitWidth: 24 })),
    'INVALID',
    /an integer of 24 bits/,
  ),
  hostile('a decimal of 96 bits', () => schemaOf(new Decimal(2, 10, 96)), 'UNSUPPORTED_TYPE', /96/),
  hostile('a decimal of 200 digits', () => schemaOf(new Decimal(2, 200, 128)), 'INVALID', /200 digits/),
  hostile('seconds of 64 bits', () => schemaOf(damaged(new TimeSecond(), { bitWidth: 64 })), 'INVALID', /64 bits/),
  hostile('a time of no unit', () => schemaOf(new Time(9 as never, 32)), 'INVALID', /time unit 9 does not exist/),
  hostile(
    'an interval of no unit',
    () => schemaOf(new Interval(7 as never)),
    'INVALID',
    /interval unit 7 does not exist/,
  ),
  hostile(
    'a list without an item',
    () => schemaOf(damaged(new List(new Field('item', new Int8())), { children: [] })),
    'INVALID',
    /List with 0 children|a list with 0 children/,
  ),
  hostile(
    'a flat type with children',
    () => schemaOf(damaged(new Utf8(), { children: [new Field('c', new Int8())] })),
    'INVALID',
    /children/,
  ),
  hostile(
    'a map of numbers',
    () =>
      schemaOf(
        damaged(new Map_(new Field('entries', new Struct([]) as never)), {
          children: [new Field('entries', new Int8())],
        }),
      ),
    'INVALID',
    /map whose entries/,
  ),
  hostile(
    'dictionary indices of 40 bits',
    () =>
      schemaOf(
        damaged(new Dictionary(new Utf8(), new Int32(), 1), { indices: damaged(new Int32(), { bitWidth: 40 }) }),
      ),
    'INVALID',
    /an integer of 40 bits/,
  ),
];
