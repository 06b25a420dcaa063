// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { batchToSegments, decodeBatches, encodeBatch, layoutBatch, writeBatch } from '@zenoh-segments/arrow';
import { Ledger, ZBytes } from '@zenoh-segments/core';
import {
  type Data,
  Dictionary,
  Field,
  Float64,
  Int,
  Int32,
  List,
  MessageReader,
  makeData,
  type RecordBatch,
  Schema,
  Struct,
  tableFromIPC,
  Utf8,
  Vector,
} from 'apache-arrow';
import { batchOf, dataOf, joined, ROWS, valuesOf, wideBatch } from './fixtures.js';

const numbers = () => makeData({ type: new Float64(), data: Float64Array.from({ length: ROWS }, (_, i) => i / 3) });

test('the buffers are the segments, and nothing is copied in either direction', () => {
  const values = numbers();
  const payload = encodeBatch(batchOf({ values }));
  const [head, message, data, padding, ...more] = payload.segments();
  expect(more).toEqual([]);
  expect(data?.buffer).toBe(values.values.buffer);
  expect([head, message].map((part) => (part as Uint8Array).byteLength % 64)).toEqual([0, 0]);
  expect(data?.byteLength).toBe(ROWS * 8);
  expect(((data?.byteLength ?? 0) + (padding?.byteLength ?? 0)) % 64).toBe(0);
  expect(decodeBatches(payload)[0]?.data.children[0]?.values.buffer).toBe(values.values.buffer);
  payload.assertZeroCopy();
});

test('every type, unsliced: no byte is copied as sent', () => {
  for (const nulls of [false, true]) {
    const payload = encodeBatch(wideBatch(nulls));
    decodeBatches(payload, { validate: 'full' });
    expect(payload.ledger.snapshot().reasons).toEqual({});
  }
});

test('of a slice only bitmaps and offsets are written anew, and counted', () => {
  const text = dataOf(['a', null, 'ccc', 'dd', null, 'f'], new Utf8());
  const batch = batchOf({ text, values: numbers().slice(0, 6) });
  expect(encodeBatch(batch.slice(1, 5)).ledger.snapshot().reasons).toEqual({ convert: 1 + 5 * 4 });
  const aligned = batchOf({
    values: dataOf(
      Array.from({ length: 40 }, (_, i) => i % 7 || null),
      new Int32(),
    ),
  });
  expect(encodeBatch(aligned.slice(8, 30)).ledger.copied).toBe(0);
});

test('the schema message is the same view for the same schema, and for an equal one', () => {
  const [first] = batchToSegments(batchOf({ values: numbers() }));
  const batch = batchOf({ values: numbers() });
  expect(batchToSegments(batch)[0]).toBe(first);
  expect(batchToSegments(batch)[0]).toBe(batchToSegments(batch.slice(1))[0]);
  expect(batchToSegments(batchOf({ other: numbers() }))[0]).not.toBe(first);
});

test('a schema is parsed once for equal bytes', () => {
  const payload = encodeBatch(batchOf({ values: numbers() }));
  const [first] = decodeBatches(payload);
  const [second] = decodeBatches(new ZBytes(joined(payload)));
  expect(second?.schema).toBe(first?.schema);
});

test('bodies and buffers start at multiples of 64, and regions have exact lengths', () => {
  const bytes = joined(encodeBatch(wideBatch(true)));
  const reader = new MessageReader(bytes);
  let position = 0;
  for (const message of reader) {
    position += 8 + new DataView(bytes.buffer).getInt32(position + 4, true);
    expect(position % 64).toBe(0);
    expect(message.bodyLength % 64).toBe(0);
    const header = message.header() as unknown as {
      buffers?: { offset: number; length: number }[];
      data?: typeof header;
    };
    const regions = header.buffers ?? header.data?.buffers ?? [];
    expect(regions.filter(({ offset }) => offset % 64 !== 0)).toEqual([]);
    reader.readMessageBody(message.bodyLength);
    position += message.bodyLength;
  }
  expect(position).toBe(bytes.byteLength);
  const regions = layoutBatch(batchOf({ values: numbers() })).parts.filter(({ kind }) => kind === 'data');
  expect(regions.map(({ byteLength }) => byteLength)).toEqual([ROWS * 8]);
});

test('a batch is written into one chunk, each byte counted once', () => {
  for (const batch of [wideBatch(true), wideBatch(true).slice(3, 70)]) {
    const layout = layoutBatch(batch);
    const chunk = new Uint8Array(layout.byteLength + 64).fill(0xee).subarray(0, layout.byteLength);
    const ledger = new Ledger();
    expect(writeBatch(chunk, layout, ledger)).toBe(layout.byteLength);
    const data = layout.parts.filter(({ kind }) => kind === 'data').reduce((sum, part) => sum + part.byteLength, 0);
    expect(ledger.snapshot().reasons).toEqual({ convert: data });
    expect(chunk).toEqual(joined(encodeBatch(batch)));
    expect(valuesOf(decodeBatches(new ZBytes(chunk))[0] as RecordBatch)).toEqual(valuesOf(batch));
  }
});

test('memory that is too small or misaligned is refused', () => {
  const layout = layoutBatch(batchOf({ values: numbers() }));
  const refused = expect.objectContaining({ code: 'ARROW_TARGET' });
  expect(() => writeBatch(new Uint8Array(layout.byteLength - 1), layout)).toThrow(refused);
  expect(() => writeBatch(new Uint8Array(layout.byteLength + 4).subarray(4), layout)).toThrow(refused);
});

test('small neighbours are joined when asked, counted, and stay in place', () => {
  const batch = wideBatch(true);
  const payload = encodeBatch(batch, { coalesceBelow: 256 });
  const plain = encodeBatch(batch);
  expect(joined(payload)).toEqual(joined(plain));
  expect(payload.segmentCount).toBeLessThan(plain.segmentCount / 2);
  const coalesced = payload.ledger.copiedFor('coalesce');
  expect(coalesced).toBeGreaterThan(0);
  expect(valuesOf(decodeBatches(payload)[0] as RecordBatch)).toEqual(valuesOf(batch));
  expect(payload.ledger.copied).toBe(coalesced);
});

test('a dictionary of several chunks goes out whole, without a delta', () => {
  const type = new Utf8();
  const chunks = [['a', null, 'ccc'], ['dd'], [], [null, 'e']].map((values) => dataOf(values, type));
  const indices = Int32Array.of(5, 0, 3, 2, 1);
  const words = makeData({
    type: new Dictionary(type, new Int32()),
    data: indices,
    dictionary: new Vector<Utf8>(chunks as Data<Utf8>[]),
  });
  const batch = batchOf({ words });
  const payload = encodeBatch(batch);
  const expected = [['e', 'a', 'dd', 'ccc', null]];
  expect(valuesOf(decodeBatches(payload)[0] as RecordBatch)).toEqual(expected);
  expect(valuesOf(tableFromIPC(payload.toBytes()).batches[0] as RecordBatch)).toEqual(expected);
});

test('columns that apache-arrow lengthened with nulls are whole on the wire', () => {
  const short = dataOf([1, 2], new Int32());
  const text = dataOf(['a', 'b', 'c'], new Utf8());
  const batch = batchOf({ text, short, words: dataOf(['q'], new Utf8()), none: dataOf([], new Utf8()) });
  expect(batch.data.children[1]?.length).toBe(3);
  for (const read of [decodeBatches(encodeBatch(batch))[0], tableFromIPC(encodeBatch(batch).toBytes()).batches[0]]) {
    expect(valuesOf(read as RecordBatch)).toEqual([
      ['a', 'b', 'c'],
      [1, 2, null],
      ['q', null, null],
      [null, null, null],
    ]);
  }
});

test('data whose types differ from the schema in what is not laid out goes out', () => {
  const rows = [[{ x: 1 }], null, []];
  const listOf = (nullable: boolean) =>
    new List(
      new Field('item', new Struct([new Field('x', nullable ? new Int32() : new Int(true, 32), nullable)]), nullable),
    );
  const batch = batchOf({ list: dataOf(rows, listOf(true)) });
  const schema = new Schema([new Field('list', listOf(false), true)]);
  const [read] = decodeBatches(encodeBatch(Object.assign(batch, { schema })));
  expect(valuesOf(read as RecordBatch)).toEqual([[[[['x', 1]]], null, []]]);
});

test('data that contradicts its schema is refused, by column', () => {
  const batch = batchOf({ values: numbers() });
  const schema = new Schema([new Field('values', new Int32(), true)]);
  expect(() => encodeBatch(Object.assign(batch, { schema }))).toThrow(
    expect.objectContaining({ code: 'ARROW_INVALID', column: 'values' }),
  );
});
