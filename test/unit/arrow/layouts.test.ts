// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { decodeBatches, encodeBatch } from '@zenoh-segments/arrow';
import { ZBytes } from '@zenoh-segments/core';
import {
  BinaryView,
  type Data,
  type DataType,
  DenseUnion,
  Dictionary,
  Field,
  Float64,
  Int32,
  Message,
  MetadataVersion,
  makeData,
  Null,
  RecordBatch,
  Schema,
  SparseUnion,
  Struct,
  tableFromIPC,
  Utf8,
  Utf8View,
  Vector,
} from 'apache-arrow';
import { BufferRegion, FieldNode, RecordBatch as Header } from 'apache-arrow/ipc/metadata/message';
import { batchOf, columnNamed, dataOf, joined, ROWS, unionOf, valuesOf } from './fixtures.js';

const members = [new Field('number', new Float64(), true), new Field('text', new Utf8(), true)];
const dense = new DenseUnion([0, 1], members);
const mixed = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? i : `text ${i}`));

test('a slice of a dense union sends what its rows refer to, of each child', () => {
  const whole = batchOf({ union: unionOf(mixed, dense) });
  const all = encodeBatch(whole);
  const part = encodeBatch(whole.slice(500, 510));
  expect(part.length).toBeLessThan(all.length / 4);
  expect(all.ledger.copied).toBe(0);
  for (const [payload, expected] of [
    [all, mixed],
    [part, mixed.slice(500, 510)],
  ] as const) {
    expect(read(payload)).toEqual([expected]);
    expect(valuesOf(tableFromIPC(payload.toBytes()).batches[0] as RecordBatch)).toEqual([expected]);
  }
});

test('a union that points at no value is not sent', () => {
  for (const [typeIds, valueOffsets] of [
    [
      [0, 5],
      [0, 0],
    ],
    [
      [0, 0],
      [0, 9],
    ],
    [
      [0, 0],
      [0, -1],
    ],
  ] as const) {
    const children = [dataOf([1, 2, 3], new Float64()), dataOf(['a'], new Utf8())];
    const union = makeData({
      type: dense,
      length: 2,
      typeIds: Int8Array.from(typeIds),
      valueOffsets: Int32Array.from(valueOffsets),
      children,
    });
    expect(() => encodeBatch(batchOf({ union }))).toThrow(
      expect.objectContaining({ code: 'ARROW_INVALID', column: 'union' }),
    );
  }
});

test('a slice of views sends the bytes its rows refer to, when that is worth it', () => {
  const texts = Array.from({ length: 1000 }, (_, i) =>
    i % 7 === 0 ? null : i % 3 === 0 ? 'short' : `${i}`.repeat(20),
  );
  const whole = batchOf({ text: dataOf(texts, new Utf8View()), bytes: dataOf(texts.map(encoded), new BinaryView()) });
  const all = encodeBatch(whole);
  const expected = valuesOf(whole);
  expect(all.ledger.copied).toBe(0);
  for (const [begin, end] of [
    [0, 10],
    [500, 510],
    [990, 1000],
    [3, 999],
  ] as const) {
    const part = encodeBatch(whole.slice(begin, end));
    if (end - begin === 10) expect(part.length).toBeLessThan(all.length / 10);
    expect(read(part)).toEqual(expected.map((column) => column.slice(begin, end)));
  }
});

test('dictionaries of several chunks: of views, of unions, of nested types', () => {
  const sparse = new SparseUnion([0, 1], members);
  const chunksOf: readonly (readonly [DataType, Data[]])[] = [
    [new Utf8View(), [['a'.repeat(20), 'b'], [], ['c'.repeat(30), null]].map((each) => dataOf(each, new Utf8View()))],
    [dense, [[1, 'a'], ['b', 2, 3], ['c']].map((each) => unionOf(each, dense))],
    [dense, [unionOf(mixed, dense).slice(10, 4), unionOf(mixed, dense).slice(501, 5)]],
    [
      sparse,
      [
        [1, 'a'],
        ['b', 2, 3],
      ].map((each) => unionOf(each, sparse)),
    ],
    ...['large utf8', 'large list', 'fixed size list', 'map', 'struct', 'bool', 'decimal 128'].map(
      (name): readonly [DataType, Data[]] => {
        const column = columnNamed(name, true);
        return [column.type, [column.slice(3, 9), column.slice(20, 1), column.slice(30, 20)]];
      },
    ),
  ];
  for (const [type, chunks] of chunksOf) {
    const values = new Vector(chunks as never) as unknown as Vector<Utf8>;
    const data = Int32Array.from({ length: values.length }, (_, i) => values.length - 1 - i);
    const batch = batchOf({
      c: makeData({ type: new Dictionary(type as Utf8, new Int32()), data, dictionary: values }),
    });
    expect(read(encodeBatch(batch))).toEqual(valuesOf(batch));
  }
});

test('a batch of no columns, and of no rows, has as many as it says', () => {
  const rows = (length: number) =>
    encodeBatch(
      new RecordBatch(new Schema([]), makeData({ type: new Struct([]), length, nullCount: 0, children: [] })),
    );
  expect(decodeBatches(rows(9))[0]?.numRows).toBe(9);
  expect(() => decodeBatches(rows(100_000), { limits: { maxBytelessValues: 8 } })).toThrow(
    expect.objectContaining({ code: 'ARROW_LIMIT' }),
  );
});

test('values without bytes are limited beyond what the payload has bits', () => {
  const limits = { maxBytelessValues: 10 };
  const encoded = (nulls: number, columns: Record<string, Data> = {}) =>
    encodeBatch(batchOf({ ...columns, none: makeData({ type: new Null(), length: nulls }) }));
  const limited = (...of: Parameters<typeof encoded>) => decodeBatches(encoded(...of), { limits });
  const bits = encoded(10).length * 8;
  expect(limited(bits + 10)).toHaveLength(1);
  expect(() => limited(bits + 11)).toThrow(expect.objectContaining({ code: 'ARROW_LIMIT' }));
  expect(limited(ROWS, { a: columnNamed('int32') })).toHaveLength(1);
});

test('unions of metadata V4 have a bitmap first, which must be empty', () => {
  const batch = batchOf({ union: unionOf([1, 'a', 2], dense) });
  const [head] = encodeBatch(batch).segments();
  const data = batch.data.children[0] as Data;
  const [numbers, texts] = data.children as [Data, Data];
  // bitmap, type ids, offsets; then bitmap and values, bitmap, offsets and text.
  const buffers = [[], data.typeIds, data.valueOffsets, [], numbers.values, [], texts.valueOffsets, texts.values];
  const v4 = (nulls: number) => {
    const body = new Uint8Array(buffers.length * 64);
    const regions = buffers.map((buffer: Uint8Array, index) => {
      const bytes = new Uint8Array(buffer.buffer ?? 0, buffer.byteOffset ?? 0, buffer.byteLength ?? 0);
      body.set(bytes, index * 64);
      return new BufferRegion(index * 64, bytes.byteLength);
    });
    const nodes = [new FieldNode(3, nulls), new FieldNode(2, 0), new FieldNode(1, 0)];
    const metadata = Message.encode(Message.from(new Header(3, nodes, regions, null), body.byteLength));
    // The version is the first field of the root table.
    const view = new DataView(metadata.buffer, metadata.byteOffset, metadata.byteLength);
    const root = view.getUint32(0, true);
    view.setInt16(root + view.getUint16(root - view.getInt32(root, true) + 4, true), MetadataVersion.V4, true);
    return ZBytes.fromSegments([head as Uint8Array, Int32Array.of(-1, metadata.byteLength), metadata, body]);
  };
  expect(Message.decode(v4(0).segments()[2] as Uint8Array).version).toBe(MetadataVersion.V4);
  expect(read(v4(0))).toEqual([[1, 'a', 2]]);
  expect(() => decodeBatches(v4(1))).toThrow(expect.objectContaining({ code: 'ARROW_UNSUPPORTED_FEATURE' }));
});

test('received memory is read in place: every kind of value one byte off is gathered alone', () => {
  const batch = batchOf({
    text: columnNamed('utf8'),
    views: columnNamed('utf8 view'),
    decimals: columnNamed('decimal 64'),
  });
  const bytes = joined(encodeBatch(batch));
  const memory = new Uint8Array(bytes.byteLength + 1);
  memory.set(bytes, 1);
  const payload = new ZBytes(memory.subarray(1));
  expect(read(payload)).toEqual(valuesOf(batch));
  // The offsets of the text, and the decimals; text and views are bytes.
  expect(payload.ledger.copied).toBe((ROWS + 1) * 4 + ROWS * 8);
});

function read(payload: ZBytes): unknown[][] {
  return valuesOf(decodeBatches(payload, { validate: 'full' })[0] as RecordBatch);
}

function encoded(text: string | null): Uint8Array | null {
  return text === null ? null : new TextEncoder().encode(text);
}
