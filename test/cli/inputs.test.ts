// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { tableToIPC } from 'apache-arrow';
import { dataset, mixed, repeated, withFolder, write } from './data.js';
import { batchesOf, copyReasons, published, rowsOf, typesOf } from './published.js';

const PARQUET = dataset('flights-3m.parquet');
const NDJSON = '{"n":1,"s":"a","list":[1,2],"sub":{"x":1.5}}\n\n{"n":2,"s":null,"list":[],"sub":null}\n';
const NDJSON_ROWS = [
  { n: 1, s: 'a', list: [1, 2], sub: { x: 1.5 } },
  { n: 2, s: null, list: [], sub: null },
];
const CSV_ROWS = [{ a: 1, b: 'x' }];

describe('NDJSON', () => {
  test.each(['a.jsonl', 'unnamed'])('is known in a file %s', (name) =>
    withFolder(async (folder) => {
      const { pub, samples } = await published([write(folder, name, NDJSON)]);
      expect(pub.stderr).not.toContain('error');
      expect(rowsOf(samples)).toEqual(NDJSON_ROWS);
      expect(pub.summary).toMatchObject({ batches: 1, rows: 2 });
      expect(copyReasons(pub)).toEqual([]);
    }),
  );

  test('is known in a pipe, after a byte order mark and white space', async () => {
    const { samples } = await published(['-'], `\ufeff \n${NDJSON}`);
    expect(rowsOf(samples)).toEqual(NDJSON_ROWS);
    expect(typesOf(samples)).toEqual({ n: 'Int64', s: 'Utf8', list: 'List<Int64>', sub: 'Struct<{x:Float64}>' });
  });

  test('through shared memory is copied once and arrives as shared memory', async () => {
    const { pub, samples } = await published(['--shm', '16'], NDJSON);
    expect(rowsOf(samples)).toEqual(NDJSON_ROWS);
    expect(samples.map(({ isShm }) => isShm)).toEqual([true]);
    expect(copyReasons(pub)).toEqual(['convert']);
  });
});

describe('Parquet', () => {
  // As pyarrow reads it.
  const first = { delay: 33, distance: 2176 };

  test('from a path, cut into batches, with chosen columns in the order asked for', async () => {
    const args = ['--columns', 'distance,delay', '--batch-rows', '1000', '--count', '3', PARQUET];
    const { pub, samples } = await published(args);
    expect(pub.code).toBe(0);
    expect(pub.summary).toMatchObject({ batches: 3, rows: 3000, reasons: { convert: expect.any(Number) } });
    expect(Object.keys(typesOf(samples))).toEqual(['distance', 'delay']);
    expect(rowsOf(samples)).toHaveLength(3000);
    expect(rowsOf(samples)[0]).toEqual(first);
  });

  test('from a pipe gives the same, through a file that is gone', async () => {
    const args = ['--columns', 'delay,distance', '--count', '1', '-'];
    const { pub, samples } = await published(args, readFileSync(PARQUET));
    expect(pub.stderr).not.toContain('error');
    expect(pub.summary).toMatchObject({ batches: 1, rows: 10_000 });
    expect(rowsOf(samples)[0]).toEqual(first);
  });
});

describe('CSV', () => {
  test('from a path and from a pipe', () =>
    withFolder(async (folder) => {
      expect(rowsOf((await published([write(folder, 'a.csv', 'a,b\n1,x\n')])).samples)).toEqual(CSV_ROWS);
      expect(rowsOf((await published([], 'a,b\n1,x\n')).samples)).toEqual(CSV_ROWS);
      expect(rowsOf((await published([write(folder, 'a.tsv', 'a\tb\n1\tx\n')])).samples)).toEqual(CSV_ROWS);
    }));

  test('that starts as NDJSON does is CSV by its name, or by --format', () =>
    withFolder(async (folder) => {
      const text = '{a}\n1\n';
      expect(rowsOf((await published([write(folder, 'a.csv', text)])).samples)).toEqual([{ '{a}': 1 }]);
      expect(rowsOf((await published(['--format', 'csv'], text)).samples)).toEqual([{ '{a}': 1 }]);
    }));

  test('goes out from where its values were written', async () => {
    const { pub, samples } = await published(['--batch-rows', '5000', dataset('zipcodes.csv')]);
    expect(pub.summary).toMatchObject({ batches: 9, rows: 42_049 });
    expect(copyReasons(pub)).toEqual([]);
    expect(batchesOf(samples)).toHaveLength(9);
  });
});

describe('types given with --schema', () => {
  const expected = {
    id: 'Int8',
    big: 'Uint64',
    day: 'Date32<DAY>',
    at: 'Timestamp<MICROSECOND, UTC>',
    'x,y:z': 'Utf8',
  };
  const types = ['--schema', 'id:int8,big:uint64', '--schema', 'day:date,at:timestamp,x,y:z:utf8'];
  const values = {
    id: -3,
    big: '18446744073709551615',
    day: Date.UTC(2024, 1, 29),
    at: Date.UTC(2024, 1, 29, 22, 30, 1) + 0.25,
    'x,y:z': '7',
  };

  test.each([
    ['CSV', 'id,big,day,at,"x,y:z"\n-3,18446744073709551615,2024-02-29,2024-02-29T23:30:01.00025+01:00,7\n'],
    [
      'NDJSON',
      '{"id":-3,"big":18446744073709551615,"day":"2024-02-29","at":"2024-02-29 23:30:01.00025+0100","x,y:z":"7"}\n',
    ],
  ])('rule %s', async (_, text) => {
    const { pub, samples } = await published(types, text);
    expect(pub.stderr).not.toContain('error');
    expect(typesOf(samples)).toEqual(expected);
    expect(rowsOf(samples)).toEqual([values]);
  });
});

describe('Arrow data', () => {
  const stream = tableToIPC(repeated(mixed(0, 100), 2), 'stream');

  test('with chosen columns is read in place and sent from there', () =>
    withFolder(async (folder) => {
      const path = write(folder, 'a.arrows', stream);
      const { pub, samples } = await published(['--columns', 'kind,big', path]);
      const expected = mixed(0, 100).select(['kind', 'big']);
      expect(rowsOf(samples).slice(0, 100)).toEqual(JSON.parse(JSON.stringify(plainRows(expected))));
      expect(pub.summary).toMatchObject({ batches: 2, rows: 200 });
      expect(copyReasons(pub)).toEqual([]);
    }));

  test('is cut at --batch-rows', async () => {
    const { pub, samples } = await published(['--batch-rows', '30', '-'], stream);
    expect(pub.summary).toMatchObject({ batches: 8, rows: 200 });
    expect(batchesOf(samples).map(({ numRows }) => numRows)).toEqual([30, 30, 30, 10, 30, 30, 30, 10]);
  });
});

test('several inputs of several formats go out one after the other, as often as asked for', () =>
  withFolder(async (folder) => {
    const inputs = [write(folder, 'a.csv', 'a,b\n1,x\n'), write(folder, 'b.ndjson', NDJSON)];
    const { pub, samples } = await published(['--loop', '2', ...inputs]);
    expect(pub.code).toBe(0);
    expect(rowsOf(samples)).toEqual([...CSV_ROWS, ...NDJSON_ROWS, ...CSV_ROWS, ...NDJSON_ROWS]);
  }));

test('an input without a row is no message, and no endless loop', async () => {
  const { pub } = await withFolder((folder) => published([write(folder, 'a.csv', 'a,b\n'), '--loop']));
  expect(pub).toMatchObject({ code: 0, summary: { batches: 0 } });
});

function plainRows(table: { readonly numRows: number; get(index: number): { toJSON(): object } | null }) {
  return Array.from({ length: table.numRows }, (_, row) =>
    Object.fromEntries(
      Object.entries(table.get(row)?.toJSON() ?? {}).map(([name, value]) => [
        name,
        typeof value === 'bigint' ? String(value) : value,
      ]),
    ),
  );
}
