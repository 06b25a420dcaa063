// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Arrays of values, put by a table publisher.
import { describe, expect, test } from '@jest/globals';
import { declareTablePublisher, subscribeTable } from '@zenoh-segments/arrow';
import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Decimal,
  DenseUnion,
  Dictionary,
  Field,
  FixedSizeList,
  Float16,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  LargeUtf8,
  List,
  Map_,
  Null,
  Schema,
  Struct,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  Utf8,
  Utf8View,
} from 'apache-arrow';
import { first } from '../../support/first.js';
import { withSession } from '../../support/sessions.js';
import { KEY } from './topics.js';

const list = (type: DataType, nullable = true) => new List(new Field('item', type, nullable));
const struct = (type: DataType, nullable = true) => new Struct([new Field('a', type, nullable)]);
const map = new Map_(
  new Field(
    'entries',
    new Struct<{ key: Utf8; value: Int32 }>([new Field('key', new Utf8(), false), new Field('value', new Int32())]),
    false,
  ),
);

/** What arrives of a column of values, as JSON has it, with big numbers as text. */
function putting(type: DataType, values: readonly unknown[], nullable = true): Promise<unknown> {
  return withSession(async (session) => {
    const subscriber = await subscribeTable(session, KEY, { validate: 'full' });
    const publisher = await declareTablePublisher(session, KEY, new Schema([new Field('v', type, nullable)]));
    await publisher.put({ v: values } as never);
    const [text] = await first(subscriber, 1, ({ batches }) =>
      JSON.stringify([...(batches[0]?.getChildAt(0) ?? [])], (_, value) =>
        typeof value === 'bigint' ? String(value) : ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value,
      ),
    );
    return JSON.parse(text ?? '');
  });
}

describe('a value that its column can not hold is refused, and nothing is sent', () => {
  test.each<[DataType, unknown, string]>([
    [new Int32(), 1.5, "Int32 can't hold 1.5"],
    [new Int32(), 2 ** 40, "Int32 can't hold 1099511627776"],
    [new Int32(), 'abc', `Int32 can't hold "abc"`],
    [new Int16(), 40_000, "Int16 can't hold 40000"],
    [new Int16(), Number.NaN, "Int16 can't hold NaN"],
    [new Float64(), 'abc', `Float64 can't hold "abc"`],
    [new Float32(), 1n, "Float32 can't hold 1"],
    [new Bool(), 'x', `Bool can't hold "x"`],
    [new Utf8(), {}, "Utf8 can't hold Object"],
    [new LargeUtf8(), 5, "LargeUtf8 can't hold 5"],
    [new Utf8View(), 5, "Utf8View can't hold 5"],
    [new Binary(), 'text', `Binary can't hold "text"`],
    [new Int64(), 1.5, "Int64 can't hold 1.5"],
    [new Int64(), 2n ** 63n, "Int64 can't hold 9223372036854775808"],
    [new TimestampMillisecond(), '2026-01-01', `Timestamp<MILLISECOND> can't hold "2026-01-01"`],
    [new Decimal(2, 3, 128), 1000n, "can't hold 1000"],
    [new Null(), 5, "Null can't hold 5"],
    [list(new Int32()), 5, "can't hold 5"],
    [new FixedSizeList(2, new Field('item', new Int32())), [1], "can't hold Array"],
    [struct(new Int32()), 5, "can't hold 5"],
    [map, 5, "can't hold 5"],
    [new Dictionary(new Utf8(), new Int32()), 5, "Utf8 can't hold 5"],
    [new DenseUnion([0], [new Field('a', new Int32())]), 5, 'give a vector'],
  ])('%s: %p', async (type, value, message) => {
    await expect(putting(type, [value])).rejects.toMatchObject({
      name: 'ArrowPayloadError',
      code: 'ARROW_VALUE',
      column: 'v',
      message: expect.stringContaining(message),
    });
  });

  test.each<[string, DataType, unknown]>([
    ['v.item', list(new Int8()), [1, 128]],
    ['v.a', struct(new Int64()), { a: 'x' }],
    ['v.a.item', struct(list(new Bool())), { a: [true, 0] }],
    ['v.entries.value', map, { x: 0.5 }],
    ['v.item', list(new Int8(), false), [null]],
    ['v.a', struct(new Int8(), false), {}],
  ])('below, at %s', async (column, type, value) => {
    await expect(putting(type, [value])).rejects.toMatchObject({ code: 'ARROW_VALUE', column });
  });

  test.each([null, undefined])('%p where the field is not nullable', async (nothing) => {
    for (const type of [new Float64(), new Int32(), new Utf8(), new Bool(), new Dictionary(new Utf8(), new Int32())]) {
      await expect(putting(type, [nothing], false)).rejects.toMatchObject({
        code: 'ARROW_VALUE',
        column: 'v',
        message: `column 'v': non-null ${type} can't hold null`,
      });
    }
  });
});

describe('values arrive as they are, undefined and holes as null', () => {
  const at = Date.UTC(2026, 0, 1, 0, 0, 0, 7);
  test.each<[DataType, unknown[], unknown[]]>([
    [new Int32(), [-5, undefined, -0], [-5, null, 0]],
    [new Int64(), [5, undefined, 2n ** 62n], ['5', null, String(2n ** 62n)]],
    [new Float64(), [0.5, undefined, 3], [0.5, null, 3]],
    [new Float16(), [2049, undefined, 0.1, -1e-8], [2048, null, 0.0999755859375, 0]],
    [list(new Float16()), [[2049, 1 - 2 ** -13]], [[2048, 1]]],
    [struct(new Float16()), [{ a: 1e-8 }], [{ a: 0 }]],
    [new Dictionary(new Float16(), new Int32()), [2049, 2051], [2048, 2052]],
    [new Bool(), [true, undefined, false], [true, null, false]],
    [new Utf8(), ['', undefined, 'é'], ['', null, 'é']],
    [new LargeUtf8(), ['a', undefined], ['a', null]],
    [new Utf8View(), ['a', undefined, 'longer than twelve'], ['a', null, 'longer than twelve']],
    [new Binary(), [Uint8Array.of(1, 2), undefined], [[1, 2], null]],
    [new DateDay(), [new Date(at), undefined], [Date.UTC(2026, 0, 1), null]],
    [new TimestampMillisecond(), [new Date(at), at, undefined, BigInt(at)], [at, at, null, at]],
    [new TimestampMicrosecond(), [at + 0.5, undefined, 1000n], [at + 0.5, null, 1]],
    [list(new TimestampNanosecond()), [[new Date(at), 1_000_000n]], [[at, 1]]],
    [new Decimal(2, 10, 128), [5n, undefined], ['"5"', null]],
    [new Null(), [null, undefined], [null, null]],
    [list(new Int64()), [[1, 2n, undefined], undefined, [], Int32Array.of(7)], [['1', '2', null], null, [], ['7']]],
    [
      new FixedSizeList(2, new Field('item', new Int32(), true)),
      [[1, 2], undefined, [3, undefined]],
      [[1, 2], null, [3, null]],
    ],
    [struct(new Int64()), [{ a: 1 }, undefined, {}, [2]], [{ a: '1' }, null, { a: null }, { a: '2' }]],
    [map, [{ x: 1 }, undefined, new Map([['y', 2]])], [{ x: 1 }, null, { y: 2 }]],
    [new Dictionary(new Utf8(), new Int32()), ['a', undefined, 'b', 'a'], ['a', null, 'b', 'a']],
    [
      new Dictionary(new TimestampMillisecond(), new Int32()),
      [new Date(at), undefined, new Date(at + 1), new Date(at)],
      [at, null, at + 1, at],
    ],
    [new Dictionary(struct(new Int32()), new Int32()), [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 2 }]],
  ])('%s', async (type, values, read) => {
    expect(await putting(type, values)).toEqual(read);
    expect(await putting(type, [])).toEqual([]);
  });

  test('an array with holes', async () => {
    const holes = new Array(3);
    holes[1] = 5;
    expect(await putting(new Int32(), holes)).toEqual([null, 5, null]);
  });

  test('many', async () => {
    const values = Array.from({ length: 100_000 }, (_, i) => (i % 3 === 0 ? null : i));
    expect(await putting(new Int64(), values)).toEqual(values.map((value) => (value === null ? null : String(value))));
  });
});
