// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { decodeBatches, encodeBatch, ShmTableBuilder } from '@zenoh-segments/arrow';
import { type Allocator, heap, type NativeBuffer, ShmProvider } from '@zenoh-segments/core';
import {
  Bool,
  Field,
  Float64,
  Int32,
  List,
  Null,
  type RecordBatch,
  Schema,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow';
import { opened, refusal, rowsOf } from './built-tables.js';

const SIZES = { x: new Float64(), n: new Int32(), name: new Utf8(), ok: new Bool(), at: new TimestampMicrosecond() };
const MEMORIES = ['shm', 'heap'] as const;
const memoryOf = (kind: 'shm' | 'heap'): Allocator => (kind === 'shm' ? new ShmProvider({ size: 2 ** 20 }) : heap);

/** All columns nullable but `n`. */
const schema = new Schema<typeof SIZES>(
  Object.entries(SIZES).map(([name, type]) => new Field(name, type, name !== 'n')) as never,
);
const ROWS = [
  { x: 0.5, n: -7, name: 'plain', ok: true, at: 1_600_000_000_123 },
  { x: null, n: 0, name: '', ok: false, at: new Date(-1) },
  { x: -0, n: 2 ** 31 - 1, name: 'größer als €, 𝄞', ok: null, at: null },
  { n: 1, name: null, ok: true, at: 12n },
  { x: Number.NaN, n: 2, name: 'a text that is longer than thirty-two bytes', ok: true, at: 0 },
];
const AS_READ = [
  { x: 0.5, n: -7, name: 'plain', ok: true, at: 1_600_000_000_123 },
  { x: null, n: 0, name: '', ok: false, at: -1 },
  { x: -0, n: 2 ** 31 - 1, name: 'größer als €, 𝄞', ok: null, at: null },
  { x: null, n: 1, name: null, ok: true, at: 0.012 },
  { x: Number.NaN, n: 2, name: 'a text that is longer than thirty-two bytes', ok: true, at: 0 },
];

describe.each(MEMORIES)('in memory of %s', (kind) => {
  test('rows come out as they went in, and no byte is copied', () => {
    const builder = new ShmTableBuilder(memoryOf(kind), schema, { rows: 5, utf8Bytes: 100 });
    for (const row of ROWS) builder.append(row);
    expect(builder.rows).toBe(5);
    const payload = builder.finish();
    expect(rowsOf(decodeBatches(payload, { validate: 'full' })[0] as RecordBatch)).toEqual(AS_READ);
    payload.assertZeroCopy();
    opened(payload);
    expect(builder.capacity).toBe(5);
  });

  test('a row whose getter calls the builder is a row of its own', () => {
    const builder = new ShmTableBuilder(memoryOf(kind), schema, { rows: 4, utf8Bytes: 100 });
    const rowThat = (calls: () => void) => ({
      n: 1,
      get name() {
        calls();
        return 'outer';
      },
    });
    builder.append({ n: 7 });
    builder.append(rowThat(() => builder.append({ n: 2, name: 'inner' })));
    const rows = () => rowsOf(decodeBatches(builder.finish())[0] as RecordBatch);
    expect(rows()).toMatchObject([{ n: 7 }, { n: 2, name: 'inner' }, { n: 1, name: 'outer' }]);
    builder.reset();
    builder.append({ n: 7 });
    builder.append(rowThat(() => builder.reset()));
    expect(rows()).toMatchObject([{ n: 1, name: 'outer' }]);
    builder.reset();
    expect(refusal(() => builder.append(rowThat(() => void builder.finish()))).code).toBe('ARROW_FINISHED');
    expect(builder.rows).toBe(0);
  });

  test('columns are written in bulk, where they are sent from', () => {
    const rows = 1000;
    const builder = new ShmTableBuilder(memoryOf(kind), schema, { rows, utf8Bytes: rows });
    const x = builder.column('x').values;
    for (let i = 0; i < rows; i++) x[i] = i / 8;
    builder.column('n').values.fill(3);
    const name = builder.column('name');
    name.values.fill(0x41);
    for (let i = 0; i <= rows; i++) name.offsets[i] = i;
    builder.column('ok').values.fill(0xff);
    builder.column('ok').validity.fill(0b0101_0101);
    const payload = builder.finish(rows);
    const { data } = decodeBatches(payload)[0] as RecordBatch;
    expect(data.children.map((column) => column.nullCount)).toEqual([0, 0, 0, rows / 2, rows]);
    expect(data.children[0]?.values).toEqual(x);
    expect(data.children[0]?.values.buffer).toBe(x.buffer);
    payload.assertZeroCopy();
    const batch = opened(payload);
    expect(batch.get(999)?.toJSON()).toEqual({ x: 999 / 8, n: 3, name: 'A', ok: null, at: null });
  });

  test('it moves to a larger chunk when rows or texts need it, and counts that', () => {
    const builder = new ShmTableBuilder(memoryOf(kind), schema, { rows: 1, utf8Bytes: 1 });
    const expected = Array.from({ length: 300 }, (_, i) => ({ ...AS_READ[i % 5], n: i }));
    expected.forEach((_, i) => {
      builder.append({ ...ROWS[i % 5], n: i });
    });
    const payload = builder.finish();
    const { copied, reasons } = payload.ledger.snapshot();
    expect(rowsOf(opened(payload))).toEqual(expected);
    expect(reasons).toEqual({ convert: copied });
    // Each move is to twice the room, of rows or of texts: less than four times what there is.
    expect(copied).toBeGreaterThan(0);
    expect(copied).toBeLessThan(4 * payload.length);
    const { capacity, chunkBytes } = builder;
    expect(capacity).toBe(512);
    builder.reset();
    expect([builder.rows, builder.capacity, builder.chunkBytes]).toEqual([0, capacity, chunkBytes]);
    for (const row of ROWS) builder.append(row);
    const again = builder.finish();
    again.assertZeroCopy();
    expect(rowsOf(opened(again))).toEqual(AS_READ);
  });

  test('values written in bulk move too, and their nulls', () => {
    const builder = new ShmTableBuilder(memoryOf(kind), schema, { rows: 9 });
    builder.column('x').values.fill(1.5);
    builder.column('x').set(8, null);
    builder.column('n').values.fill(4);
    builder.reserve(40);
    expect(builder.capacity).toBe(40);
    builder.column('x').set(20, 2.5);
    builder.column('x').set(9, null);
    const batch = opened(builder.finish(21));
    expect([8, 9, 20].map((row) => batch.getChild('x')?.get(row))).toEqual([null, null, 2.5]);
    expect(batch.data.children[0]?.nullCount).toBe(2);
    expect(batch.getChild('x')?.get(7)).toBe(1.5);
    expect(batch.getChild('n')?.get(8)).toBe(4);
  });

  test.each([0, 1, 7, 8, 9, 64])('%i rows of a room for 64', (rows) => {
    const builder = new ShmTableBuilder(memoryOf(kind), schema, { rows: 64 });
    const expected = Array.from({ length: rows }, (_, i) => ({ ...AS_READ[i % 5] }));
    for (let i = 0; i < rows; i++) builder.append(ROWS[i % 5] ?? {});
    expect(rowsOf(opened(builder.finish()))).toEqual(expected);
  });
});

test('from shared memory a payload is one prefix of the chunk, from other memory it leaves out what was not used', () => {
  const [shared, other] = MEMORIES.map((kind) => {
    const builder = new ShmTableBuilder(memoryOf(kind), schema, { rows: 1000 });
    for (const row of ROWS) builder.append(row);
    return { payload: builder.finish(), chunk: builder.chunkBytes };
  });
  expect(shared?.payload.segmentCount).toBe(1);
  expect(shared?.payload.segments()[0]?.byteOffset).toBe(0);
  expect(shared?.payload.length).toBeLessThanOrEqual(shared?.chunk ?? 0);
  expect(other?.payload.length).toBeLessThan(2000);
  const total = other?.payload.segments().reduce((sum, part) => sum + part.byteLength, 0);
  expect(total).toBe(other?.payload.length);
});

test('every buffer starts at a multiple of 64, in the payload and in the chunk', () => {
  const builder = new ShmTableBuilder(memoryOf('shm'), schema, { rows: 77, utf8Bytes: 333 });
  for (const row of ROWS) builder.append(row);
  const { data } = decodeBatches(builder.finish())[0] as RecordBatch;
  for (const { values, valueOffsets, nullBitmap } of data.children) {
    for (const view of [values, valueOffsets, nullBitmap]) {
      if (view !== undefined && view.byteLength > 0) expect(view.byteOffset % 64).toBe(0);
    }
  }
});

test('what a batch is made of is what encoding the same batch gives', () => {
  const builder = new ShmTableBuilder(heap, schema, { rows: 5, utf8Bytes: 128 });
  for (const row of ROWS) builder.append(row);
  const payload = builder.finish();
  const encoded = encodeBatch(decodeBatches(payload)[0] as RecordBatch);
  expect(payload.length).toBe(encoded.length);
  expect(Buffer.compare(payload.range(0, 64), encoded.range(0, 64))).toBe(0);
});

/** Takes all that a pool has: it may be somewhat more than its size. */
function filled(pool: ShmProvider): NativeBuffer[] {
  const chunks: NativeBuffer[] = [];
  for (let size = pool.size; size >= 64; ) {
    try {
      chunks.push(pool.alloc(size));
    } catch {
      size /= 2;
    }
  }
  return chunks;
}

describe('nothing is lost', () => {
  test('when the pool is full: at first, and when it grows', async () => {
    const pool = new ShmProvider({ size: 65_536 });
    const builder = new ShmTableBuilder(pool, schema, { rows: 5, utf8Bytes: 100 });
    const all = filled(pool);
    expect(() => builder.append(ROWS[0] ?? {})).toThrow(expect.objectContaining({ code: 'SHM_EXHAUSTED' }));
    expect([builder.rows, pool.stats().chunks]).toEqual([0, all.length]);
    const waiting = builder.ready();
    for (const chunk of all) chunk[Symbol.dispose]();
    await waiting;
    for (const row of ROWS) builder.append(row);
    const rest = filled(pool);
    expect(() => builder.append({ n: 1, name: 'x'.repeat(10_000) })).toThrow(
      expect.objectContaining({ code: 'SHM_EXHAUSTED' }),
    );
    expect(() => builder.reserve(10_000)).toThrow(expect.objectContaining({ code: 'SHM_EXHAUSTED' }));
    expect([builder.rows, builder.capacity]).toEqual([5, 5]);
    expect(rowsOf(opened(builder.finish()))).toEqual(AS_READ);
    for (const chunk of rest) chunk[Symbol.dispose]();
  });

  test.each<[string, (builder: ShmTableBuilder<typeof SIZES>) => void]>([
    ['a row far away', (builder) => builder.column('x').set(10_000_000, 1)],
    ['a null far away', (builder) => builder.column('x').set(10_000_000, null)],
    ['a text far away', (builder) => builder.column('name').set(10_000_000, 'far')],
    ['room for too many rows', (builder) => builder.reserve(10_000_000)],
  ])('when there is no memory yet, and none for %s', (_, run) => {
    const pool = new ShmProvider({ size: 65_536 });
    const builder = new ShmTableBuilder(pool, schema, { rows: 5, utf8Bytes: 100 });
    const { chunkBytes } = builder;
    for (let round = 0; round < 2; round++) {
      expect(() => run(builder)).toThrow(expect.objectContaining({ code: 'SHM_EXHAUSTED' }));
      expect([builder.capacity, builder.chunkBytes]).toEqual([5, chunkBytes]);
      for (const row of ROWS) builder.append(row);
      expect(rowsOf(opened(builder.finish()))).toEqual(AS_READ);
      builder.reset();
    }
  });

  test('when a row is refused half-way', () => {
    const builder = new ShmTableBuilder(heap, schema, { rows: 5 });
    builder.append(ROWS[0] ?? {});
    expect(refusal(() => builder.append({ n: 1, name: 'left over', ok: 'yes' as never }))).toEqual({
      code: 'ARROW_VALUE',
      message: "column 'ok': Bool can't hold \"yes\"",
    });
    for (const row of ROWS.slice(1)) builder.append(row);
    expect(rowsOf(opened(builder.finish()))).toEqual(AS_READ);
  });

  test('and the chunk goes back to the pool, when the builder is reset or disposed', () => {
    const pool = new ShmProvider({ size: 65_536 });
    const used = () => {
      pool.garbageCollect();
      return pool.stats().chunks;
    };
    {
      using builder = new ShmTableBuilder(pool, schema, { rows: 5, utf8Bytes: 1 });
      expect(used()).toBe(0);
      for (const row of ROWS) builder.append(row);
      expect(used()).toBe(1);
      const { values } = builder.column('x');
      builder.finish();
      builder.reset();
      expect([values.length, used()]).toEqual([0, 0]);
      builder.append({ n: 1 });
      expect(used()).toBe(1);
    }
    expect(used()).toBe(0);
  });
});

describe('it refuses', () => {
  const builder = () => new ShmTableBuilder(heap, schema, { rows: 2 });

  test.each<[string, object, string]>([
    ['a fraction', { n: 0.5 }, "column 'n': non-null Int32 can't hold 0.5"],
    ['a number out of range', { n: 2 ** 31 }, "column 'n': non-null Int32 can't hold 2147483648"],
    ['a bigint for 32 bits', { n: 1n }, "column 'n': non-null Int32 can't hold 1"],
    ['null where there is none', { n: null }, "column 'n': non-null Int32 can't hold null"],
    ['a missing cell where there is no null', {}, "column 'n': non-null Int32 can't hold null"],
    ['a text for a number', { n: 1, x: '1' }, `column 'x': Float64 can't hold "1"`],
    ['a number for a text', { n: 1, name: 5 }, "column 'name': Utf8 can't hold 5"],
    ['bytes for a text', { n: 1, name: new Uint8Array(3) }, "column 'name': Utf8 can't hold Uint8Array of 3 bytes"],
    ['no time', { n: 1, at: new Date('never') }, "column 'at': Timestamp<MICROSECOND> can't hold Date"],
    ['a time out of range', { n: 1, at: 1e300 }, "column 'at': Timestamp<MICROSECOND> can't hold 1e+300"],
    ['an object', { n: 1, x: {} }, "column 'x': Float64 can't hold Object"],
  ])('%s', (_, row, message) => {
    expect(refusal(() => builder().append(row))).toEqual({ code: 'ARROW_VALUE', message });
  });

  test('names that no column has, or several', () => {
    expect(refusal(() => builder().column('y' as never))).toEqual({
      code: 'ARROW_COLUMN',
      message: "there is no column 'y'; there are x, n, name, ok, at",
    });
    expect(refusal(() => builder().append({ n: 1, y: 1 } as never)).code).toBe('ARROW_COLUMN');
    expect(refusal(() => builder().column(5)).code).toBe('ARROW_COLUMN');
    const twice = new Schema([new Field('a', new Int32()), new Field('a', new Float64())]);
    const both = new ShmTableBuilder(heap, twice, { rows: 2 });
    expect(refusal(() => both.column('a'))).toEqual({
      code: 'ARROW_COLUMN',
      message: "several columns are named 'a': use their index",
    });
    both.column(0).values.set([1, 2]);
    both.column(1).values.set([0.5, 1.5]);
    const [batch] = decodeBatches(both.finish(2));
    expect(batch?.data.children.map((column) => [...column.values])).toEqual([
      [1, 2],
      [0.5, 1.5],
    ]);
  });

  test('writing after the end, until it is reset', () => {
    const finished = builder();
    finished.append({ n: 1 });
    finished.finish();
    const message = 'the builder was finished: reset it';
    for (const run of [
      () => finished.append({ n: 2 }),
      () => finished.column('x').set(0, 1),
      () => finished.reserve(5),
      () => finished.finish(),
    ]) {
      expect(refusal(run)).toEqual({ code: 'ARROW_FINISHED', message });
    }
    finished.reset();
    finished.append({ n: 2 });
    expect(opened(finished.finish()).getChild('n')?.get(0)).toBe(2);
  });

  test('rows that are not there', () => {
    const empty = builder();
    expect(refusal(() => empty.finish(2))).toEqual({
      code: 'ARROW_VALUE',
      message: "column 'n': non-null Int32 can't hold nothing in 2 rows",
    });
    empty.column('n').values.fill(1);
    empty.column('name').append('only one');
    expect(refusal(() => empty.finish(2))).toEqual({
      code: 'ARROW_VALUE',
      message: "column 'name': Utf8 can't hold 1 values in 2 rows",
    });
    expect(refusal(() => empty.finish(3))).toEqual({
      code: 'ARROW_VALUE',
      message: '3 rows where there is room for 2',
    });
    expect(refusal(() => empty.finish(-1)).code).toBe('ARROW_VALUE');
    expect(refusal(() => empty.column('x').set(-1, 1)).code).toBe('ARROW_VALUE');
    expect(refusal(() => empty.column('name').set(5, 'later')).message).toBe(
      "column 'name': Utf8 can't hold row 5 before row 1: they are written in order",
    );
    empty.column('name').append(null);
    expect(opened(empty.finish(2)).getChild('name')?.toJSON()).toEqual(['only one', null]);
  });

  test('offsets that fall or leave the room, written in bulk', () => {
    const bulk = builder();
    bulk.column('n').values.fill(1);
    const name = bulk.column('name');
    name.offsets.set([0, 5, 3]);
    expect(refusal(() => bulk.finish(2)).code).toBe('ARROW_INVALID');
    name.offsets.set([0, 5, name.values.length + 1]);
    expect(refusal(() => bulk.finish(2)).code).toBe('ARROW_VALUE');
    name.offsets.set([0, 5, name.values.length]);
    expect(bulk.finish(2).length).toBeGreaterThan(0);
  });

  test.each(['ok', 'x', 'name'] as const)("rows beyond what a batch can have, in column '%s'", (column) => {
    const full = builder();
    full.append({ n: 1, ok: true });
    for (const row of [2 ** 31 - 2, 2 ** 32, 2 ** 32 + 5, 2 ** 52]) {
      expect(refusal(() => full.column(column).set(row, null))).toEqual({
        code: 'ARROW_VALUE',
        message: `a batch of ${row + 1} rows: it can have ${2 ** 31 - 2}`,
      });
    }
    expect([full.rows, full.capacity]).toEqual([1, 2]);
    expect(opened(full.finish()).getChild('ok')?.get(0)).toBe(true);
  });

  test('types that are not of fixed width, and sizes that make no sense', () => {
    const nested = new Schema([new Field('l', new List(new Field('item', new Int32())))]);
    expect(refusal(() => new ShmTableBuilder(heap, nested, { rows: 1 }))).toEqual({
      code: 'ARROW_UNSUPPORTED_TYPE',
      message: "column 'l': the type List is not supported",
    });
    expect(refusal(() => new ShmTableBuilder(heap, new Schema([new Field('z', new Null())]), { rows: 1 })).code).toBe(
      'ARROW_UNSUPPORTED_TYPE',
    );
    for (const rows of [0, -1, 0.5, Number.NaN, 2 ** 31, '5' as never]) {
      expect(refusal(() => new ShmTableBuilder(heap, schema, { rows })).code).toBe('ARROW_VALUE');
    }
    expect(refusal(() => new ShmTableBuilder(heap, schema, { rows: 1, utf8Bytes: { name: -1 } })).code).toBe(
      'ARROW_VALUE',
    );
  });

  test('memory that is not aligned', () => {
    const odd: Allocator = {
      alloc: (size) => ({ ...heap.alloc(size + 1), bytes: new Uint8Array(size + 4).subarray(4) }),
    };
    const memory = { alloc: (size: number): NativeBuffer => Object.assign(odd.alloc(size), { [Symbol.dispose]() {} }) };
    expect(refusal(() => new ShmTableBuilder(memory, schema, { rows: 1 }).append({ n: 1 }))).toEqual({
      code: 'ARROW_TARGET',
      message: 'memory must start at a multiple of 8, not at 4',
    });
  });
});
