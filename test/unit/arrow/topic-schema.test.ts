// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import {
  declareTablePublisher,
  decodeBatches,
  encodeBatch,
  subscribeTable,
  type TableColumns,
} from '@zenoh-segments/arrow';
import {
  type DataType,
  Decimal,
  Dictionary,
  Field,
  Float64,
  Int8,
  Int32,
  Int64,
  List,
  type RecordBatch,
  Schema,
  Struct,
  Table,
  TimestampMillisecond,
  type TypeMap,
  tableFromArrays,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { first } from '../../support/first.js';
import { withSession } from '../../support/sessions.js';
import { batchOf, dataOf, TYPES, valuesOf, wideBatch } from './fixtures.js';
import { KEY, rowsFrom, schema } from './topics.js';

/** What comes of a put under a schema. */
function putting(declared: Schema, data: unknown, mode: 'self-contained' | 'schema-ref' = 'self-contained') {
  return withSession(async (session) => {
    const subscriber = await subscribeTable(session, KEY);
    const publisher = await declareTablePublisher(session, KEY, declared, { mode });
    await publisher.put(data as RecordBatch);
    const [item] = await first(subscriber, 1, ({ batches, schema: received }) => ({ batches: [...batches], received }));
    return item as { batches: RecordBatch[]; received: Schema };
  });
}

const field = (name: string, type: DataType, nullable = true) => new Field(name, type, nullable);
const nested = (type: DataType) => new Struct([field('a', new Int32()), field('b', new List(field('item', type)))]);

describe('a batch of another schema is not sent', () => {
  const batch = rowsFrom(0);
  const { fields } = schema;
  const wrong: readonly (readonly [string, Schema, string, string])[] = [
    ['a column less', new Schema([...fields, field('more', new Int8())]), 'more', 'the batch lacks it'],
    ['a column more', new Schema(fields.slice(0, 2)), 'name', 'the schema has 2 columns, and not this one'],
    [
      'another name',
      new Schema([field('m', new Int32()), ...fields.slice(1)]),
      'm',
      "column 0 of the batch is called 'n'",
    ],
    ['another order', new Schema([...fields].reverse()), 'name', "column 0 of the batch is called 'n'"],
    [
      'another type',
      new Schema([field('n', new Int64()), ...fields.slice(1)]),
      'n',
      'the schema says Int64, the batch has Int32',
    ],
  ];
  test.each(wrong)('%s', async (_, declared, column, message) => {
    const error = { code: 'ARROW_SCHEMA', column, message: `column '${column}': ${message}` };
    await expect(putting(declared, batch)).rejects.toMatchObject(error);
    await expect(putting(declared, new Table([batch]))).rejects.toMatchObject(error);
  });

  test('of texts that apache-arrow made a dictionary of: the error says what to do', async () => {
    const declared = new Schema([field('name', new Utf8())]);
    const made = tableFromArrays({ name: ['q'] });
    const says = (owner: string) =>
      `column 'name': the schema says Utf8, the ${owner} has Dictionary<Int32, Utf8>: ` +
      'declare that, or make the vector with the type, as vectorFromArray(values, type) does';
    const error = (owner: string) => ({ code: 'ARROW_SCHEMA', column: 'name', message: says(owner) });
    await expect(putting(declared, made)).rejects.toMatchObject(error('batch'));
    await expect(putting(declared, { name: made.getChild('name') })).rejects.toMatchObject(error('vector'));
  });

  test('of a type that differs only below', async () => {
    const cases = [
      [nested(new Int32()), nested(new Int64())],
      [nested(new Dictionary(new Utf8(), new Int32())), nested(new Dictionary(new Utf8(), new Int8()))],
      [new Decimal(2, 10, 128), new Decimal(3, 10, 128)],
      [new TimestampMillisecond('UTC'), new TimestampMillisecond()],
    ] as const;
    for (const [declared, actual] of cases) {
      const empty = batchOf({ c: dataOf([null], actual) });
      await expect(putting(new Schema([field('c', declared)]), empty)).rejects.toMatchObject({ code: 'ARROW_SCHEMA' });
    }
  });

  test('nulls where none may be', async () => {
    const declared = new Schema([field('c', new Struct([field('a', new Int32(), false)]), false)]);
    const of = (...values: unknown[]) => batchOf({ c: dataOf(values, new Struct([field('a', new Int32())])) });
    expect((await putting(declared, of({ a: 1 }))).batches.map(valuesOf)).toEqual([[[[['a', 1]]]]]);
    await expect(putting(declared, of({ a: null }))).rejects.toMatchObject({ code: 'ARROW_SCHEMA', column: 'c.a' });
    await expect(putting(declared, of({ a: 1 }, null))).rejects.toMatchObject({
      code: 'ARROW_SCHEMA',
      message: "column 'c': 1 nulls where none may be",
    });
  });
});

describe.each(['self-contained', 'schema-ref'] as const)('%s', (mode) => {
  test('what is sent has the metadata declared, and dictionaries may have any id', async () => {
    const colour = () => new Dictionary(new Utf8(), new Int32());
    const metadata = new Map([['unit', 'm']]);
    const declared = new Schema(
      [new Field('c', colour(), true, metadata), field('d', colour())],
      new Map([['by', 'us']]),
    );
    const batch = batchOf({ c: dataOf(['red', null], colour()), d: dataOf(['blue', 'red'], colour()) });
    const { batches, received } = await putting(declared, batch, mode);
    expect(batches.map(valuesOf)).toEqual([valuesOf(batch)]);
    expect([received.metadata.get('by'), received.fields[0]?.metadata.get('unit')]).toEqual(['us', 'm']);
  });

  test('a received batch goes on under a schema made by hand, all types', async () => {
    const batch = wideBatch(true);
    const [received] = decodeBatches(encodeBatch(batch)) as [RecordBatch];
    const declared = new Schema(TYPES.map(([name, type]) => field(name, type)));
    expect((await putting(declared, received, mode)).batches.map(valuesOf)).toEqual([valuesOf(batch)]);
  });

  test('columns may share a name', async () => {
    const fields = [field('c', new Int32()), field('c', new Utf8())];
    const data = { c: dataOf([1], new Int32()), d: dataOf(['x'], new Utf8()) };
    const made = batchOf(data);
    const twins: RecordBatch = Object.assign(batchOf(data), { schema: new Schema(fields) });
    const { batches } = await putting(new Schema(fields), twins, mode);
    expect(batches.map(valuesOf)).toEqual([valuesOf(made)]);
  });

  test('no columns, no rows, no batches', async () => {
    expect((await putting(new Schema([]), batchOf({}), mode)).batches[0]?.numRows).toBe(0);
    expect((await putting(schema, rowsFrom(0, 0), mode)).batches.map(valuesOf)).toEqual([[[], [], []]]);
    expect((await putting(schema, new Table(schema, []), mode)).batches.map(valuesOf)).toEqual([[[], [], []]]);
  });
});

describe('columns by name', () => {
  const good = { n: new Int32Array([1, 2]), x: [0.5, null], name: vectorFromArray(['a', 'b'], new Utf8()) };

  test('are typed arrays, values or vectors', async () => {
    const declared = new Schema([...schema.fields, field('at', new TimestampMillisecond()), field('big', new Int64())]);
    const columns = { ...good, name: ['a', 'b'], at: [new Date(5), null], big: new BigInt64Array([1n, 2n]) };
    const { batches } = await putting(declared, columns);
    expect(batches.map(valuesOf)).toEqual([
      [
        [1, 2],
        [0.5, null],
        ['a', 'b'],
        [5, null],
        [1n, 2n],
      ],
    ]);
  });

  test('typed arrays and vectors are not copied', async () => {
    await withSession(async (session) => {
      const publisher = await declareTablePublisher(
        session,
        KEY,
        new Schema([field('n', new Int32()), field('x', new Float64())]),
      );
      await publisher.put({ n: new Int32Array(1000), x: new Float64Array(1000) } as never);
      publisher.ledger.assertZeroCopy();
      await publisher.put({ n: Array.from({ length: 1000 }, (_, n) => n), x: new Float64Array(1000) } as never);
      expect(publisher.ledger.copiedFor('convert')).toBeGreaterThanOrEqual(4000);
    });
  });

  const wrong: readonly (readonly [string, object, string, string])[] = [
    ['missing', { n: good.n, x: good.x }, 'name', 'it is missing'],
    ['unknown', { ...good, y: [1] }, 'y', 'the schema has no such column'],
    ['of another length', { ...good, x: [1] }, 'x', '1 values, the first column has 2'],
    [
      'of another array type',
      { ...good, n: new Float64Array(2) },
      'n',
      "a Float64Array can't be a column of type Int32",
    ],
    [
      'of another vector type',
      { ...good, n: vectorFromArray([1, 2], new Int8()) },
      'n',
      'the schema says Int32, the vector has Int8',
    ],
    ['no column', { ...good, n: 7 }, 'n', 'not an array or a vector'],
  ];
  test.each(wrong)('are refused: %s', async (_, columns, column, message) => {
    await expect(putting(schema, columns as TableColumns<TypeMap>)).rejects.toMatchObject({
      code: 'ARROW_SCHEMA',
      message: `column '${column}': ${message}`,
    });
  });
});

test.each(['lz4', 'zstd'] as const)('%s, loaded by itself, in both modes', async (compression) => {
  await withSession(async (session) => {
    for (const mode of ['self-contained', 'schema-ref'] as const) {
      const subscriber = await subscribeTable(session, KEY);
      await using publisher = await declareTablePublisher(session, KEY, schema, { mode, compression });
      const batch = rowsFrom(0, 10_000);
      await publisher.put(batch);
      const [seen] = await first(subscriber, 1, ({ batches, sample }) => [
        valuesOf(batches[0]!),
        sample.payload().length,
      ]);
      expect(seen?.[0]).toEqual(valuesOf(batch));
      expect(seen?.[1]).toBeLessThan(encodeBatch(batch).length);
    }
    const options = { compression: 'snappy' as 'lz4' };
    await expect(declareTablePublisher(session, KEY, schema, options)).rejects.toMatchObject({
      code: 'ARROW_UNSUPPORTED_FEATURE',
      message: 'compression snappy is not supported',
    });
  });
});
