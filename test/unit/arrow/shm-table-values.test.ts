// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { decodeBatches, ShmTableBuilder } from '@zenoh-segments/arrow';
import { heap, ShmProvider } from '@zenoh-segments/core';
import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  DateMillisecond,
  Decimal,
  DurationNanosecond,
  DurationSecond,
  Field,
  FixedSizeBinary,
  Float16,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  IntervalDayTime,
  IntervalMonthDayNano,
  IntervalYearMonth,
  Schema,
  TimeMicrosecond,
  TimeMillisecond,
  TimeNanosecond,
  TimeSecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  util,
  Vector,
} from 'apache-arrow';
import { opened, refusal } from './built-tables.js';

describe('every type', () => {
  const ms = Date.UTC(1969, 11, 31, 23, 59, 59, 123);
  const day = new Uint32Array([5, 0, 0, 0]);

  /** The type, a cell, and what apache-arrow reads for it. */
  const TYPES: readonly (readonly [DataType, unknown, unknown])[] = [
    [new Int8(), -128, -128],
    [new Int16(), -32_768, -32_768],
    [new Int64(), -(2n ** 63n), -(2n ** 63n)],
    [new Int64(), 2 ** 52, 2n ** 52n],
    [new Uint8(), 255, 255],
    [new Uint16(), 65_535, 65_535],
    [new Uint32(), 2 ** 32 - 1, 2 ** 32 - 1],
    [new Uint64(), 2n ** 64n - 1n, 2n ** 64n - 1n],
    [new Float16(), -1.5, -1.5],
    [new Float32(), 0.1, Math.fround(0.1)],
    [new DateDay(), ms, Date.UTC(1969, 11, 31)],
    [new DateMillisecond(), new Date(ms), ms],
    [new TimestampSecond(), ms, Math.floor(ms / 1000) * 1000],
    [new TimestampMillisecond(), ms, ms],
    [new TimestampMicrosecond('Europe/Berlin'), new Date(ms), ms],
    [new TimestampNanosecond(), 1_700_000_000_123, 1_700_000_000_123],
    [new TimestampNanosecond(), 1_000_000n, 1],
    [new TimeSecond(), 86_399, 86_399],
    [new TimeMillisecond(), 1, 1],
    [new TimeMicrosecond(), 5, 5n],
    [new TimeNanosecond(), 5n, 5n],
    [new DurationSecond(), -1n, -1n],
    [new DurationNanosecond(), 2 ** 40, 2n ** 40n],
    [new Decimal(2, 10, 128), 5n, day],
    [new Decimal(2, 10, 128), day, day],
    [new Decimal(0, 3, 32), Uint32Array.of(2 ** 32 - 999), Uint32Array.of(2 ** 32 - 999)],
    [new Decimal(0, 76, 256), -1n, new Uint32Array(8).fill(2 ** 32 - 1)],
    [new Decimal(1, 9, 32), 7n, Uint32Array.of(7)],
    [new FixedSizeBinary(3), Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3)],
    [new IntervalYearMonth(), Int32Array.of(14), Int32Array.of(1, 2)],
    [new IntervalDayTime(), Int32Array.of(1, 2), Int32Array.of(1, 2)],
    [new IntervalMonthDayNano(), Int32Array.of(1, 2, 3, 0), Int32Array.of(1, 2, 3, 0)],
    [new Binary(), Uint8Array.of(9, 8), Uint8Array.of(9, 8)],
    [new Bool(), true, true],
  ];

  test.each(TYPES.map((each) => [String(each[0]), ...each] as const))('%s', (_, type, cell, read) => {
    const typed = new Schema([new Field('v', type, true), new Field('after', new Int32())]);
    const builder = new ShmTableBuilder(new ShmProvider({ size: 2 ** 20 }), typed, { rows: 1 });
    const cells = [null, cell, cell, null, cell];
    cells.forEach((v, after) => {
      builder.append({ v: v as never, after });
    });
    const [batch] = decodeBatches(builder.finish(), { validate: 'full' });
    expect(batch?.getChild('v')?.toJSON()).toEqual([null, read, read, null, read]);
    expect(batch?.getChild('after')?.toJSON()).toEqual([0, 1, 2, 3, 4]);
  });

  test.each<[DataType, unknown]>([
    [new Int8(), 128],
    [new Uint64(), -1n],
    [new Int64(), 2 ** 53],
    [new Int64(), 0.5],
    [new DateDay(), 2n ** 40n],
    [new Decimal(2, 3, 128), 1000n],
    [new Decimal(2, 3, 128), 1],
    [new Decimal(2, 3, 128), Uint32Array.of(2 ** 32 - 1, 0, 0, 0)],
    [new Decimal(2, 3, 128), Uint32Array.of(0, 0, 0, 2 ** 31)],
    [new Decimal(0, 3, 32), Uint32Array.of(1000)],
    [new FixedSizeBinary(3), new Uint8Array(2)],
    [new IntervalDayTime(), Int32Array.of(1)],
    [new IntervalDayTime(), Uint32Array.of(1, 2)],
    [new Binary(), 'text'],
    [new Float16(), 1n],
  ])('%s does not take %p', (type, cell) => {
    const builder = new ShmTableBuilder(heap, new Schema([new Field('v', type)]), { rows: 1 });
    expect(refusal(() => builder.append({ v: cell as never })).code).toBe('ARROW_VALUE');
    expect(builder.rows).toBe(0);
  });
});

test('a schema without columns', () => {
  const builder = new ShmTableBuilder(new ShmProvider({ size: 2 ** 20 }), new Schema([]), { rows: 3 });
  for (let i = 0; i < 3; i++) builder.append({});
  expect(decodeBatches(builder.finish())[0]?.numRows).toBe(3);
});

test('halves are rounded to the nearest, and to the even one of two, beyond their range too', () => {
  const halves = new Schema<{ h: Float16 }>([new Field('h', new Float16())]);
  const smallest = 2 ** -24;
  const ROUNDED: readonly (readonly [number, number])[] = [
    [65_504, 65_504],
    [65_519.99, 65_504],
    [65_520, Infinity],
    [70_000, Infinity],
    [131_072, Infinity],
    [1e9, Infinity],
    [Number.MAX_VALUE, Infinity],
    [Infinity, Infinity],
    [2049, 2048],
    [2051, 2052],
    [0.1, 0.0999755859375],
    [1 - 2 ** -13, 1],
    [2 ** -14, 2 ** -14],
    [2 ** -14 - 2 ** -26, 2 ** -14],
    [1e-4, 1678 * smallest],
    [6e-8, smallest],
    [smallest / 2, 0],
    [smallest * 0.5001, smallest],
    [smallest * 1.5, 2 * smallest],
    [1e-8, 0],
    [1e-9, 0],
    [Number.MIN_VALUE, 0],
    [0, 0],
  ];
  const builder = new ShmTableBuilder(heap, halves, { rows: 64 });
  for (const [h] of ROUNDED) for (const sign of [1, -1]) builder.append({ h: sign * h });
  builder.append({ h: Number.NaN });
  const read = opened(builder.finish()).getChild('h')?.toJSON();
  expect(read).toEqual([...ROUNDED.flatMap(([, half]) => [half, -half]), Number.NaN]);
});

test('every half comes out as it went in', () => {
  const halves = new Schema<{ h: Float16 }>([new Field('h', new Float16(), false)]);
  const given = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
  const builder = new ShmTableBuilder(heap, halves, { rows: given.length });
  const column = builder.column('h');
  for (const bits of given) column.set(bits, util.uint16ToFloat64(bits));
  // All that are not numbers are written the same way.
  const expected = given.map((bits) => (Number.isNaN(util.uint16ToFloat64(bits)) ? 0x7e00 : bits));
  expect(
    Buffer.compare(new Uint8Array(column.values.buffer, column.values.byteOffset, 131_072), bytesOf(expected)),
  ).toBe(0);
});

function bytesOf({ buffer }: Uint16Array): Uint8Array {
  return new Uint8Array(buffer);
}

test('columns that are named as what every object has are null where a row has no such cell', () => {
  const named = new Schema(['toString', 'constructor', '__proto__'].map((name) => new Field(name, new Utf8(), true)));
  const builder = new ShmTableBuilder(heap, named, { rows: 3 });
  builder.append({});
  builder.append(JSON.parse('{"toString": "a", "constructor": "b", "__proto__": "c"}'));
  const { data } = opened(builder.finish());
  expect(data.children.map((column) => new Vector([column]).toJSON())).toEqual([
    [null, 'a'],
    [null, 'b'],
    [null, 'c'],
  ]);
});

test('cells that a row gets from its class count', () => {
  class Reading {
    get x(): number {
      return 5;
    }
  }
  const builder = new ShmTableBuilder(heap, new Schema<{ x: Float64 }>([new Field('x', new Float64())]), { rows: 1 });
  builder.append(new Reading());
  expect(opened(builder.finish()).getChild('x')?.get(0)).toBe(5);
});

test('days before 1970', () => {
  const days = new Schema<{ d: DateDay }>([new Field('d', new DateDay())]);
  const builder = new ShmTableBuilder(heap, days, { rows: 3 });
  for (const d of [Date.UTC(1969, 11, 31, 23), new Date(0), 5n]) builder.append({ d });
  expect([...(decodeBatches(builder.finish())[0]?.data.children[0]?.values ?? [])]).toEqual([-1, 0, 5]);
});
