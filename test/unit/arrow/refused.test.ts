// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { ArrowPayloadError, decodeBatches, encodeBatch } from '@zenoh-segments/arrow';
import { ZBytes } from '@zenoh-segments/core';
import {
  type DataType,
  Decimal,
  Dictionary,
  Field,
  Int32,
  Int64,
  List,
  Message,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
} from 'apache-arrow';

const item = new Field('item', new Int32(), true);

test.each<[string, DataType]>([
  // apache-arrow can't look a value up by a BigInt.
  ['Dictionary with Int64 indices', new Dictionary(new Utf8(), new Int64() as never)],
  ['Decimal of 96 bits', new Decimal(2, 20, 96)],
])('%s is refused by name, sent and received, also nested', (typeName, type) => {
  const nested = new List(new Field('item', new Struct([new Field('x', type, true)]), true));
  for (const [column, each] of [
    ['c', type],
    ['c.item.x', nested],
  ] as const) {
    const schema = new Schema([new Field('c', each, true)]);
    const refused = { code: 'ARROW_UNSUPPORTED_TYPE', typeName, column };
    expect(errorOf(() => encodeBatch(new RecordBatch(schema, undefined)))).toMatchObject(refused);
    expect(errorOf(() => decodeBatches(schemaPayload(schema)))).toMatchObject(refused);
  }
});

test.each([
  [22, 'RunEndEncoded'],
  [25, 'ListView'],
  [99, 'type 99'],
])('type %i of another apache-arrow is refused as %s when sent', (typeId, typeName) => {
  const type = new Utf8();
  const batch = new RecordBatch(new Schema([new Field('c', type, true)]), undefined);
  Object.assign(type, { typeId });
  expect(errorOf(() => encodeBatch(batch))).toMatchObject({
    code: 'ARROW_UNSUPPORTED_TYPE',
    typeName,
  });
});

test('types that apache-arrow makes and the format has not are refused when sent', () => {
  const words = new Dictionary(new Utf8(), new Int32());
  const schema = new Schema([new Field('c', new Dictionary(words as never, new Int32()), true)]);
  expect(errorOf(() => encodeBatch(new RecordBatch(schema, undefined)))).toMatchObject({
    code: 'ARROW_UNSUPPORTED_TYPE',
    typeName: 'Dictionary of Dictionary',
  });
});

test.each([
  [22, 'RunEndEncoded'],
  [25, 'ListView'],
  [26, 'LargeListView'],
  [99, 'type 99'],
])('type %i, which apache-arrow does not know, is refused as %s', (id, typeName) => {
  const bytes = tableToIPC(new Table(new Schema([new Field('c', new Utf8(), true)])), 'stream').slice();
  const at = bytes.findIndex((byte, index) => byte === 5 && patched(bytes, index, id));
  expect(at).toBeGreaterThan(0);
  expect(errorOf(() => decodeBatches(new ZBytes(replaced(bytes, at, id))))).toMatchObject({ typeName });
});

test('an IPC file is not a stream', () => {
  const file = tableToIPC(new Table(new Schema([item])), 'file');
  expect(errorOf(() => decodeBatches(new ZBytes(file)))).toMatchObject({ code: 'ARROW_INVALID' });
});

test.each([
  ['nothing', new Uint8Array(0)],
  ['only an end-of-stream marker', Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0)],
])('%s has no schema', (_, bytes) => {
  expect(errorOf(() => decodeBatches(new ZBytes(bytes)))).toMatchObject({ code: 'ARROW_NO_SCHEMA' });
});

function schemaPayload(schema: Schema): ZBytes {
  const metadata = Message.encode(Message.from(schema));
  const bytes = new Uint8Array(8 + metadata.byteLength);
  new DataView(bytes.buffer).setInt32(0, -1, true);
  new DataView(bytes.buffer).setInt32(4, metadata.byteLength, true);
  bytes.set(metadata, 8);
  return new ZBytes(bytes);
}

/** Whether the byte at `index` is the type id: patched, the payload is refused for its type. */
function patched(bytes: Uint8Array, index: number, id: number): boolean {
  try {
    decodeBatches(new ZBytes(replaced(bytes, index, id)));
    return false;
  } catch (error) {
    return error instanceof ArrowPayloadError && error.code === 'ARROW_UNSUPPORTED_TYPE';
  }
}

function replaced(bytes: Uint8Array, index: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[index] = value;
  return copy;
}

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
