// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { decodeBatches, encodeBatch, tableFromZBytes, tableToZBytes } from '@zenoh-segments/arrow';
import { ZBytes } from '@zenoh-segments/core';
import { RecordBatch, Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import { batchOf, columnNamed, columnOf, ROWS, SLICINGS, TYPES, valuesOf, wideBatch } from './fixtures.js';

const VARIANTS: Readonly<Record<string, (batch: (nulls: boolean) => RecordBatch) => RecordBatch>> = {
  plain: (batch) => batch(false),
  nulls: (batch) => batch(true),
  sliced: (batch) => batch(false).slice(3, ROWS - 6),
  'nulls, sliced': (batch) =>
    batch(true)
      .slice(8, ROWS - 1)
      .slice(5),
  'no rows': (batch) => batch(true).slice(5, 5),
};

describe.each(TYPES)('%s', (name, type, value) => {
  for (const [variant, make] of Object.entries(VARIANTS)) {
    test(`${variant}: equal values from every slicing, and from apache-arrow`, () => {
      const batch = make((nulls) => batchOf({ [name]: columnOf(type, value, nulls) }));
      const expected = valuesOf(batch);
      const payload = encodeBatch(batch);
      for (const slice of Object.values(SLICINGS)) {
        const [decoded, ...more] = decodeBatches(slice(payload), { validate: 'full' });
        expect(valuesOf(decoded as RecordBatch)).toEqual(expected);
        expect(decoded?.schema.toString()).toBe(batch.schema.toString());
        expect(more).toEqual([]);
      }
      const stock = tableFromIPC(payload.toBytes()).batches[0] as RecordBatch;
      expect(valuesOf(stock)).toEqual(expected);
    });
  }

  test('what apache-arrow writes is read', () => {
    for (const nulls of [false, true]) {
      const batch = batchOf({ [name]: columnOf(type, value, nulls) });
      const payload = new ZBytes(tableToIPC(new Table([batch]), 'stream'));
      expect(valuesOf(tableFromZBytes(payload).batches[0] as RecordBatch)).toEqual(valuesOf(batch));
      expect(payload.ledger.copied).toBe(0);
    }
  });
});

test('a batch has the fields that apache-arrow gives one, and no other', () => {
  const batch = batchOf({ c: columnNamed('dictionary int8', false) });
  const [read] = decodeBatches(encodeBatch(batch)) as [RecordBatch];
  expect(Object.keys(read).sort()).toEqual(Object.keys(batch).sort());
  expect(read).toBeInstanceOf(RecordBatch);
  expect(read.metadata).toEqual(new Map());
  expect([...read.dictionaries.keys()]).toEqual([...batch.dictionaries.keys()]);
  expect(valuesOf(read.slice(2, 5))).toEqual(valuesOf(batch.slice(2, 5)));
  expect(valuesOf(read.select(['c']))).toEqual(valuesOf(batch));
});

test('a table of several batches, with a dictionary that changes', () => {
  const batches = [0, 1, 2].map((shift) => batchOf({ c: columnNamed('dictionary int8', false, shift) }));
  const table = new Table(batches);
  const read = tableFromZBytes(tableToZBytes(table));
  expect(read.batches.map(valuesOf)).toEqual(batches.map(valuesOf));
  expect(tableFromIPC(tableToZBytes(table).toBytes()).batches.map(valuesOf)).toEqual(batches.map(valuesOf));
});

test('a table without rows keeps its schema', () => {
  const { schema } = wideBatch(false);
  const payload = tableToZBytes(new Table(schema));
  const read = tableFromZBytes(payload);
  expect([read.numRows, read.schema.toString()]).toEqual([0, schema.toString()]);
  const [head] = payload.segments();
  expect(decodeBatches(new ZBytes(head))).toEqual([]);
  expect(tableFromZBytes(new ZBytes(head)).schema.toString()).toBe(schema.toString());
});

test('custom metadata of schema, field and batch survives', () => {
  const batch = batchOf({ a: columnNamed('int32') });
  batch.schema.metadata.set('origin', 'here');
  batch.schema.fields[0]?.metadata.set('unit', 'm');
  batch.metadata.set('seq', '7');
  const [read] = decodeBatches(encodeBatch(batch));
  expect(read?.schema.metadata).toEqual(new Map([['origin', 'here']]));
  expect(read?.schema.fields[0]?.metadata).toEqual(new Map([['unit', 'm']]));
  expect(read?.metadata).toEqual(new Map([['seq', '7']]));
});

test('columns of the same name stay apart in what is decoded', () => {
  const batch = batchOf({ a: columnNamed('int32'), b: columnNamed('utf8', true) });
  for (const field of batch.schema.fields) Object.assign(field, { name: 'same' });
  const [read] = decodeBatches(encodeBatch(batch));
  expect(read?.schema.fields.map((field) => String(field))).toEqual(['same: Int32', 'same: Utf8']);
  expect(valuesOf(read as RecordBatch)).toEqual(valuesOf(batch));
});

test('a payload that was disposed is refused', () => {
  const payload = encodeBatch(batchOf({ a: columnNamed('int32') }));
  payload[Symbol.dispose]();
  expect(() => decodeBatches(payload)).toThrow(expect.objectContaining({ code: 'PAYLOAD_DISPOSED' }));
});
