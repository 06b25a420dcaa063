// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { type ArrowPayloadError, encodeBatch, headOf, layoutBatch } from '@zenoh-segments/arrow';
import {
  Bool,
  Data,
  type DataType,
  DateMillisecond,
  Decimal,
  DenseUnion,
  Dictionary,
  Field,
  FixedSizeBinary,
  Float16,
  type Float64,
  Int8,
  Int32,
  Int64,
  LargeUtf8,
  List,
  makeVector,
  RecordBatch,
  Schema,
  Struct,
  Uint32,
  Utf8,
  Utf8View,
} from 'apache-arrow';

const int32 = new Int32();
const text = new Utf8();
const item = new Field('item', int32, true);
const letters = Uint8Array.of(97, 98, 99);

interface Parts {
  readonly length?: number;
  readonly nulls?: number;
  readonly offsets?: unknown;
  readonly values?: unknown;
  readonly validity?: unknown;
  readonly typeIds?: unknown;
  readonly children?: Data[];
  readonly views?: unknown[];
}

/** Two rows, unless another number is given, of whatever is said to be a column's memory. */
function dataOf(type: DataType, { length = 2, nulls = 0, children = [], ...parts }: Parts): Data {
  const buffers = [parts.offsets, parts.values, parts.validity, parts.typeIds] as never;
  return new Data(type, 0, length, nulls, buffers, children, undefined, (parts.views ?? []) as never);
}

function batchOf(data: Data): RecordBatch {
  const schema = new Schema([new Field('v', data.type, true)]);
  return new RecordBatch(schema, new Data(new Struct(schema.fields), 0, data.length, 0, undefined, [data]));
}

const numbers = () => dataOf(int32, { values: Int32Array.of(1, 2) });

function detached<V extends ArrayBufferView>(view: V): V {
  structuredClone(0, { transfer: [view.buffer as ArrayBuffer] });
  return view;
}

function refusal(run: () => unknown): Pick<ArrowPayloadError, 'code' | 'message'> {
  try {
    run();
  } catch (error) {
    const { code, message } = error as ArrowPayloadError;
    return { code, message };
  }
  throw new Error('nothing was refused');
}

test.each<[string, DataType, Parts, string]>([
  ['values', int32, { values: Float64Array.of(1, 2) }, 'the values are Float64Array, not Int32Array'],
  ['signs', int32, { values: Uint32Array.of(1, 2) }, 'the values are Uint32Array, not Int32Array'],
  ['missing signs', new Uint32(), { values: Int32Array.of(1, 2) }, 'the values are Int32Array, not Uint32Array'],
  ['bytes', int32, { values: new Uint8Array(8) }, 'the values are Uint8Array, not Int32Array'],
  ['a list', int32, { values: [1, 2] }, 'the values are Array, not Int32Array'],
  ['a DataView', int32, { values: new DataView(new ArrayBuffer(8)) }, 'the values are DataView, not Int32Array'],
  ['halves', new Float16(), { values: Float32Array.of(1, 2) }, 'the values are Float32Array, not Uint16Array'],
  ['longs', new Int64(), { values: Float64Array.of(1, 2) }, 'the values are Float64Array, not BigInt64Array'],
  ['dates', new DateMillisecond(), { values: Int32Array.of(1, 2) }, 'the values are Int32Array, not BigInt64Array'],
  [
    'decimals',
    new Decimal(0, 3, 64),
    { values: new BigInt64Array(2) },
    'the values are BigInt64Array, not Uint32Array',
  ],
  ['binary', new FixedSizeBinary(4), { values: new Int32Array(2) }, 'the values are Int32Array, not Uint8Array'],
  ['bits', new Bool(), { values: Int32Array.of(3) }, 'the values are Int32Array, not Uint8Array'],
  ['views', new Utf8View(), { values: new Int32Array(8) }, 'the values are Int32Array, not Uint8Array'],
  [
    'viewed texts',
    new Utf8View(),
    { values: new Uint8Array(32), views: [new Int32Array(4)] },
    'the viewed values are Int32Array, not Uint8Array',
  ],
  [
    'texts',
    text,
    { offsets: Int32Array.of(0, 1, 2), values: new Int32Array(2) },
    'the values are Int32Array, not Uint8Array',
  ],
  [
    'narrow offsets',
    new LargeUtf8(),
    { offsets: Int32Array.of(0, 1, 2), values: letters },
    'the offsets are Int32Array, not BigInt64Array',
  ],
  [
    'wide offsets',
    text,
    { offsets: BigInt64Array.of(0n, 1n, 2n), values: letters },
    'the offsets are BigInt64Array, not Int32Array',
  ],
  [
    'offsets of lists',
    new List(item),
    { offsets: Float32Array.of(0, 1, 2), children: [numbers()] },
    'the offsets are Float32Array, not Int32Array',
  ],
  [
    'offsets of unions',
    new DenseUnion([0], [item]),
    { offsets: BigInt64Array.of(0n, 1n), typeIds: new Int8Array(2), children: [numbers()] },
    'the offsets are BigInt64Array, not Int32Array',
  ],
  [
    'type ids',
    new DenseUnion([0], [item]),
    { offsets: Int32Array.of(0, 1), typeIds: new Int32Array(2), children: [numbers()] },
    'the type ids are Int32Array, not Int8Array',
  ],
  [
    'indices',
    new Dictionary(text, new Int8()),
    { values: Int32Array.of(0, 0) },
    'the values are Int32Array, not Int8Array',
  ],
  [
    'a bitmap',
    int32,
    { values: Int32Array.of(1, 2), validity: Uint16Array.of(1), nulls: 1 },
    'the validity bitmap is Uint16Array, not Uint8Array',
  ],
])('%s of another type', (_, type, parts, message) => {
  expect(refusal(() => encodeBatch(batchOf(dataOf(type, parts))))).toEqual({
    code: 'ARROW_INVALID',
    message: `column 'v': ${message}`,
  });
});

test.each<[string, unknown]>([
  ['NaN', Number.NaN],
  ['-1', -1],
  ['1.5', 1.5],
  ['2', 2n],
  ['2147483648', 2 ** 31],
  ['Infinity', Infinity],
])('a column, and a batch, of %s rows', (told, length) => {
  const message = `${told} rows do not fit the format`;
  const column = numbers();
  const batch = batchOf(column);
  Object.assign(column, { length });
  expect(refusal(() => encodeBatch(batch))).toEqual({ code: 'ARROW_INVALID', message: `column 'v': ${message}` });
  const whole = batchOf(numbers());
  Object.assign(whole.data, { length });
  expect(refusal(() => encodeBatch(whole))).toEqual({ code: 'ARROW_INVALID', message });
});

test.each<[string, DataType, Parts, string]>([
  ['values', int32, { values: detached(Int32Array.of(1, 2)) }, 'there are fewer values than rows'],
  ['bytes', new FixedSizeBinary(2), { values: detached(letters.slice()) }, 'there are fewer values than rows'],
  ['bits', new Bool(), { values: detached(Uint8Array.of(3)) }, 'there are fewer values than rows'],
  [
    'offsets',
    text,
    { offsets: detached(Int32Array.of(0, 1, 2)), values: letters },
    'there are fewer offsets than rows',
  ],
  [
    'texts',
    text,
    { offsets: Int32Array.of(0, 1, 2), values: detached(letters.slice()) },
    'the offsets point outside the values',
  ],
  [
    'a bitmap',
    int32,
    { values: Int32Array.of(1, 2), validity: detached(Uint8Array.of(1)), nulls: 1 },
    'the validity bitmap is shorter than the column',
  ],
])('memory that was transferred away: %s', (_, type, parts, message) => {
  expect(refusal(() => encodeBatch(batchOf(dataOf(type, parts))))).toEqual({
    code: 'ARROW_INVALID',
    message: `column 'v': ${message}`,
  });
});

test('a vector whose memory was transferred away', () => {
  const values = Float64Array.of(1, 2, 3);
  const [data] = makeVector(values).data;
  detached(values);
  expect(refusal(() => encodeBatch(batchOf(data as Data<Float64>)))).toEqual({
    code: 'ARROW_INVALID',
    message: "column 'v': there are fewer values than rows",
  });
});

test('values and offsets that end early, where rows are not null', () => {
  const short = dataOf(text, { length: 3, offsets: Int32Array.of(0, 1), values: letters });
  expect(refusal(() => encodeBatch(batchOf(short))).message).toBe("column 'v': there are fewer offsets than rows");
  const bits = dataOf(new Bool(), { length: 9, values: Uint8Array.of(255) });
  expect(refusal(() => encodeBatch(batchOf(bits))).message).toBe("column 'v': there are fewer values than rows");
});

test.each([65, 3000])('%i levels of nesting, in every form', (levels) => {
  let column = dataOf(text, { length: 0 });
  for (let level = 1; level < levels; level++) {
    column = dataOf(new List(new Field('item', column.type, true)), { length: 0, children: [column] });
  }
  const batch = batchOf(column);
  for (const run of [() => encodeBatch(batch), () => layoutBatch(batch, { form: 'bare' }), () => headOf(batch)]) {
    expect(refusal(run)).toEqual({ code: 'ARROW_LIMIT', message: 'maxDepth: 65 is above the limit of 64' });
  }
});
