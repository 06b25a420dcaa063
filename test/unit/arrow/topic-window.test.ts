// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import {
  encodeBatch,
  loadCompression,
  type SubscribeTableOptions,
  subscribeTable,
  type TablePublisher,
  type TableSubscriber,
} from '@zenoh-segments/arrow';
import type { Session } from '@zenoh-segments/core';
import {
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int32,
  List,
  makeData,
  Schema,
  Struct,
  Table,
  type TypeMap,
  tableFromIPC,
  tableToIPC,
  Utf8,
} from 'apache-arrow';
import { withSession } from '../../support/sessions.js';
import { until } from '../../support/until.js';
import { batchOf } from './fixtures.js';
import { coloured, colours, column, KEY, publisherTo, RELIABLY, rowsFrom, schema } from './topics.js';

type Columns = typeof schema extends Schema<infer T> ? T : never;
type Any = TableSubscriber<TypeMap>;

/** A subscriber and a publisher of one session. */
const over = (
  name: string,
  run: (subscriber: Any, publisher: TablePublisher<Columns>, session: Session) => Promise<void>,
  options: SubscribeTableOptions<TypeMap> = {},
) =>
  test(name, () =>
    withSession(async (session) => {
      const subscriber = await subscribeTable(session, KEY, options);
      await run(subscriber, await publisherTo(session, KEY, schema), session);
    }),
  );

const numbers = (table: Table) => column(table.batches);

over('a window of batches, one of rows, and what is left for the next', async (subscriber, publisher) => {
  for (const from of [0, 3, 6]) await publisher.put(rowsFrom(from));
  await publisher.put(new Table([rowsFrom(9), rowsFrom(12)]));
  expect(numbers(await subscriber.toTable(2))).toEqual([0, 1, 2, 3, 4, 5]);
  // Samples go in whole: five rows take two batches, one batch takes both of a sample.
  expect(numbers(await subscriber.toTable({ rows: 1 }))).toEqual([6, 7, 8]);
  expect(numbers(await subscriber.toTable(1))).toEqual([9, 10, 11, 12, 13, 14]);
});

over('a window of time ends in time, and loses nothing', async (subscriber, publisher) => {
  const empty = await subscriber.toTable({ ms: 1 });
  expect([empty.numRows, empty.numCols]).toEqual([0, 0]);
  const seen: unknown[] = [];
  for (let n = 0; n < 20; n++) {
    const [table] = await Promise.all([subscriber.toTable({ ms: 1 }), publisher.put(rowsFrom(n, 1))]);
    seen.push(...numbers(table));
  }
  while (seen.length < 20) seen.push(...numbers(await subscriber.toTable({ ms: 1 })));
  expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => n));
  // Whatever comes first ends it.
  await publisher.put(rowsFrom(0));
  expect(numbers(await subscriber.toTable({ ms: 1e9, batches: 1 }))).toEqual([0, 1, 2]);
  // Longer than a timer can be set.
  const far = subscriber.toTable({ ms: 2 ** 31, batches: 1 });
  let turns = 0;
  await until('timers had their turns', () => ++turns > 20);
  await publisher.put(rowsFrom(3));
  expect(numbers(await far)).toEqual([3, 4, 5]);
});

over('a window is bounded in bytes', async (subscriber, publisher) => {
  for (const from of [0, 3, 6]) await publisher.put(rowsFrom(from));
  expect(numbers(await subscriber.toTable({ batches: 100, bytes: 1 }))).toEqual([0, 1, 2]);
  expect(numbers(await subscriber.toTable({ batches: 100, bytes: 1000 }))).toEqual([3, 4, 5, 6, 7, 8]);
});

over('what was decompressed counts', async (subscriber, publisher) => {
  await loadCompression();
  const batch = batchOf({ n: makeData({ type: new Float64(), data: new Float64Array(2 ** 17) }) });
  const payload = encodeBatch(batch, { compression: 'lz4' });
  expect(payload.length).toBeLessThan(10_000);
  for (let n = 0; n < 3; n++) await publisher.put(payload);
  expect((await subscriber.toTable({ batches: 3, bytes: 2 ** 20 })).batches.length).toBe(1);
  expect((await subscriber.toTable({ batches: 3, bytes: 2 ** 20 + 1e5 })).batches.length).toBe(2);
});

over('a window ends where the columns change, and with the subscription', async (subscriber, publisher, session) => {
  const other = await publisherTo(session, KEY, coloured);
  await publisher.put(rowsFrom(0));
  await publisher.put(rowsFrom(3));
  await other.put(colours(6, 'red'));
  await publisher.put(rowsFrom(7));
  const tables = [await subscriber.toTable(100), await subscriber.toTable(100)];
  expect(tables.map(numbers)).toEqual([[0, 1, 2, 3, 4, 5], [6]]);
  expect(tables[1]?.getChild('colour')?.get(0)).toBe('red');
  const last = subscriber.toTable(100);
  // It has taken the last batch, and waits for more.
  await publisher.put(rowsFrom(10));
  await session.close();
  expect(numbers(await last)).toEqual([7, 8, 9, 10, 11, 12]);
  await expect(subscriber.toTable(1)).rejects.toMatchObject({ code: 'RECEIVER_CLOSED' });
});

/** Columns that are the same, and whose schemas are not: what is put, and what comes. */
const INT = new Int32();
const VARIANTS: readonly [name: string, first: DataType, nullable: boolean, other: DataType, put: unknown][] = [
  ['what may be null', INT, false, INT, 1],
  [
    'what may be null in a struct',
    new Struct([new Field('n', INT)]),
    true,
    new Struct([new Field('n', INT, true)]),
    { n: 1 },
  ],
  ['the id of a dictionary', new Dictionary(new Utf8(), INT, 1), true, new Dictionary(new Utf8(), INT, 2), 'red'],
  [
    'the name of a list’s items',
    new List(new Field('item', INT, true)),
    true,
    new List(new Field('element', INT, true)),
    [1],
  ],
];

for (const [name, type, nullable, otherType, value] of VARIANTS) {
  over(`${name} is no change of columns: one table has them all`, async (subscriber, _, session) => {
    const one = await publisherTo(session, KEY, new Schema([new Field('v', type, nullable)]));
    const other = await publisherTo(session, KEY, new Schema([new Field('v', otherType, true)]));
    await one.put({ v: [value] });
    await other.put({ v: [value, name.startsWith('what') ? null : value] });
    await one.put({ v: [value] });
    const table = await subscriber.toTable(3);
    const text = table.toArray().map(String);
    expect(text).toEqual([text[0], text[0], name.startsWith('what') ? '{"v": null}' : text[0], text[0]]);
    expect(table.schema.fields[0]?.nullable).toBe(true);
    expect(table.schema.fields[0]?.type.children?.every((child) => child.nullable) ?? true).toBe(true);
    expect(tableFromIPC(tableToIPC(table)).toArray().map(String)).toEqual(text);
  });
}

over('what can’t be opened ends a window, and is told by the next', async (subscriber, publisher, session) => {
  await publisher.put(rowsFrom(0));
  await session.put(KEY, 'garbage!', RELIABLY);
  await publisher.put(rowsFrom(3));
  expect(numbers(await subscriber.toTable(2))).toEqual([0, 1, 2]);
  await expect(subscriber.toTable(1)).rejects.toMatchObject({ code: 'ARROW_INVALID' });
  expect(numbers(await subscriber.toTable(1))).toEqual([3, 4, 5]);
});

const codes: string[] = [];
over(
  'with onError it is told there',
  async (subscriber, publisher, session) => {
    await publisher.put(rowsFrom(0));
    await session.put(KEY, 'garbage!', RELIABLY);
    await publisher.put(rowsFrom(3));
    expect(numbers(await subscriber.toTable(2))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(codes).toEqual(['ARROW_INVALID']);
  },
  { onError: ({ code }) => codes.push(code) },
);

over('a loop goes on where a window ended', async (subscriber, publisher) => {
  await subscriber.toTable({ ms: 1 });
  for (const from of [0, 3, 6]) await publisher.put(rowsFrom(from));
  expect(numbers(await subscriber.toTable(1))).toEqual([0, 1, 2]);
  for await (const batch of subscriber.batches()) {
    expect(column([batch])).toEqual([3, 4, 5]);
    break;
  }
  await expect(subscriber.toTable(1)).rejects.toMatchObject({ code: 'RECEIVER_CLOSED' });
});
