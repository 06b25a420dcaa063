// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { CsvError, readCsv, type TextOptions } from '@zenoh-segments/arrow/csv';
import { NdjsonError, readNdjson } from '@zenoh-segments/arrow/ndjson';
import type { RecordBatch, Vector } from 'apache-arrow';

/** The bytes of a text, cut into chunks of so many. */
async function* chunks(text: string | Uint8Array, size = 1 << 20): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

type Read = typeof readCsv | typeof readNdjson;

async function all(read: Read, text: string | Uint8Array, options: TextOptions = {}, size?: number) {
  const batches: RecordBatch[] = [];
  for await (const batch of read(chunks(text, size), options)) batches.push(batch);
  return batches;
}

function values(batches: readonly RecordBatch[]): Record<string, unknown[]> {
  const names = batches[0]?.schema.fields.map(({ name }) => name) ?? [];
  const plain = (value: unknown): unknown =>
    typeof value === 'object' ? JSON.parse(JSON.stringify(value, big)) : value;
  return Object.fromEntries(
    names.map((name, i) => [name, batches.flatMap((batch) => Array.from(batch.getChildAt(i) as Vector, plain))]),
  );
}

function big(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

const failure = (read: Read, text: string | Uint8Array, options?: TextOptions): Promise<unknown> =>
  all(read, text, options).then(
    () => undefined,
    (error) => error,
  );

describe('NDJSON', () => {
  const text =
    '\ufeff{"a":1,"b":true,"s":"ü€😀","l":[[1],[]],"o":{"x":1,"y":"z"}}\r\n' +
    '\n{"b":null,"a":-9007199254740993,"l":null,"constructor":2.5}\n{"o":{"x":null}}';
  const expected = {
    a: [1n, -9007199254740993n, null],
    b: [true, null, null],
    s: ['ü€😀', null, null],
    l: [[[1], []], null, null],
    o: [{ x: 1, y: 'z' }, null, { x: null, y: null }],
    constructor: [null, 2.5, null],
  };

  test.each([1, 2, 3, 7, 1000])('however it is cut: chunks of %i bytes', async (size) => {
    const batches = await all(readNdjson, text, {}, size);
    expect(values(batches)).toEqual(expected);
    expect(batches[0]?.schema.fields.map(({ type }) => String(type))).toEqual([
      'Int64',
      'Bool',
      'Utf8',
      'List<List<Int64>>',
      'Struct<{x:Int64, y:Utf8}>',
      'Float64',
    ]);
  });

  test('types come from the first rows alone, however many came at once', async () => {
    const options = { batchRows: 2 };
    const batches = await all(readNdjson, '{"a":1}\n{"a":2}\n{"a":3}\n', options, 4);
    expect(batches.map(({ numRows }) => numRows)).toEqual([2, 1]);
    expect(await failure(readNdjson, '{"a":1}\n{"a":2}\n{"a":1.5}\n', options)).toBeInstanceOf(NdjsonError);
    expect(values(await all(readNdjson, '{"a":1}\n{"a":2}\n{"a":1.5}\n', { ...options, inferRows: 3 }))).toEqual({
      a: [1, 2, 1.5],
    });
  });

  test.each([
    ['no JSON', '{"a":1}\n{"a":\n', 'line 2: '],
    ['a number alone', '{"a":1}\n7\n', 'line 2: each line must be one JSON object'],
    [
      'one array',
      ' [{"a":1}]',
      "line 1: each line must be one JSON object; a JSON array becomes lines with: jq -c '.[]'",
    ],
    ['two types', '{"a":1}\n{"a":"x"}\n', `line 2, column 'a': "x" has no type in common with the rows before`],
    [
      'another type later',
      '{"a":1}\n{"a":2}\n{"a":1.5}\n',
      "line 3, column 'a': 1.5 is no int64; give the column's type",
    ],
    [
      'a new column',
      '{"a":1}\n{"a":2}\n{"a":3,"b":1}\n',
      "line 3, column 'b': the first rows do not have it; give its type",
    ],
    ['a new member', '{"a":{}}\n{"a":{}}\n{"a":{"x":1}}\n', "line 3, column 'a': the first rows have no 'x' in it"],
    ['half a character', '{"a":""}\n{"a":""}\n{"a":"\\ud800"}\n', "line 3, column 'a': "],
    ['an item of another type', '{"a":[1]}\n{"a":[]}\n{"a":[1,"x"]}\n', `line 3, column 'a': "x" is no int64`],
    [
      'an integer beyond all',
      '{"a":1}\n{"a":2}\n{"a":18446744073709551616}\n',
      "line 3, column 'a': 18446744073709551616 is no int64",
    ],
    ['an integer no float holds', '{"a":1.5}\n{"a":2}\n{"a":9007199254740993}\n', 'is no float64'],
    ['endless nesting', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`, "line 1, column 'a': a list has no type"],
    ['a line without end', `{"a":"${'x'.repeat(17 * 2 ** 20)}`, 'line 1 is longer than 16777216 characters'],
    ['a zero', '{"a":"\0"}', 'no NDJSON: byte 6 is 0: binary data'],
  ])('%s is refused', async (_, bad, message) => {
    const error = await failure(readNdjson, bad, { batchRows: 2 });
    expect(error).toMatchObject({ name: 'NdjsonError', code: 'NDJSON_INVALID' });
    expect((error as Error).message).toContain(message);
  });

  test.each([
    ['1.0', '20.5', 'Float64', [1, 20.5]],
    ['1e3', '2', 'Float64', [1000, 2]],
    ['-0.0', '2', 'Float64', [-0, 2]],
    ['[1.0]', '[2]', 'List<Float64>', [[1], [2]]],
    ['{"x":"\\"1","y":2.0}', '{"x":"2.0"}', 'Struct<{x:Utf8, y:Float64}>', undefined],
    ['1', '"2.0"', undefined, undefined],
    ['18446744073709551615', '1', 'Uint64', undefined],
    ['9223372036854775808', '-1', undefined, undefined],
  ])('%s, and %s later, are %s', async (first, second, type, expected) => {
    const read = all(readNdjson, `{"a":${first}}\n{"a":${second}}\n`, { batchRows: 1, inferRows: 2 });
    if (type === undefined) return expect(read).rejects.toMatchObject({ code: 'NDJSON_INVALID' });
    const batches = await read;
    expect(String(batches[0]?.schema.fields[0]?.type)).toBe(type);
    if (expected !== undefined) expect(values(batches)).toEqual({ a: expected });
  });

  test('one row of decimals decides, and a name twice in it is no matter', async () => {
    const batches = await all(readNdjson, '{"a":0,"a":1.0}\n{"a":20.5}\n', { batchRows: 1 });
    expect(values(batches)).toEqual({ a: [1, 20.5] });
  });

  test('a float that is asked for may be rounded, and is never infinite', async () => {
    const types = new Map([['a', 'float64'] as const, ['b', 'float32'] as const]);
    expect(values(await all(readNdjson, '{"a":9007199254740993}\n', { types }))).toMatchObject({ a: [2 ** 53] });
    for (const bad of ['{"a":1e400}\n', '{"b":1e39}\n']) {
      expect(await failure(readNdjson, bad, { types })).toMatchObject({ code: 'NDJSON_INVALID' });
    }
  });

  test('given types add columns, and are checked', async () => {
    const types = new Map([['b', 'uint8'] as const]);
    expect(
      values(await all(readNdjson, '{"a":1}\n{"b":255}\n', { types, batchRows: 1 }).catch(String as never)),
    ).toEqual({
      a: [1n, null],
      b: [null, 255],
    });
    const error = await failure(readNdjson, '{"b":256}\n', { types });
    expect((error as Error).message).toContain("line 1, column 'b': 256 is no uint8");
  });
});

test('a batch ends early when its text is long', async () => {
  const rows = `{"a":"${'x'.repeat(2 ** 20)}"}\n`.repeat(40);
  const batches = await all(readNdjson, rows);
  expect(batches.length).toBeGreaterThan(1);
  expect(batches.reduce((sum, { numRows }) => sum + numRows, 0)).toBe(40);
});

describe('CSV', () => {
  const text = '\ufeffa,b,s\r\n1,true,"ü€,😀"\r\n\r\n9007199254740993,,"say ""hi"""\r\n,FALSE,';
  const expected = {
    a: [1n, 9007199254740993n, null],
    b: [true, null, false],
    s: ['ü€,😀', 'say "hi"', null],
  };

  test.each([1, 2, 3, 7, 1000])('however it is cut: chunks of %i bytes', async (size) => {
    expect(values(await all(readCsv, text, {}, size))).toEqual(expected);
  });

  test('every type that can be given, at its bounds, and one beyond', async () => {
    const cases = [
      ['int8', ['-128', '127'], '128'],
      ['uint16', ['0', '65535'], '-1'],
      ['int64', ['-9223372036854775808', '9223372036854775807'], '9223372036854775808'],
      ['uint64', ['0', '18446744073709551615'], '18446744073709551616'],
      ['float32', ['0.5', '-1e3'], 'NaN'],
      ['bool', ['true', 'False'], '1'],
      ['date', ['1970-01-01', '2024-02-29'], '2023-02-29'],
      ['timestamp', ['1969-12-31 23:59:59.999999Z', '2024-02-29T00:00'], '2024-02-29T25:00:00Z'],
    ] as const;
    for (const [type, good, bad] of cases) {
      const types = new Map([['a', type] as const]);
      const [batch] = await all(readCsv, `a\n${good.join('\n')}\n`, { types });
      expect(batch?.getChild('a')?.nullCount).toBe(0);
      const error = await failure(readCsv, `a\n${good.join('\n')}\n${bad}\n`, { types });
      expect(error).toBeInstanceOf(CsvError);
      expect((error as Error).message).toContain(`row 3, column 'a': '${bad}' is no ${type}`);
    }
  });

  test.each([
    ['12345678901234567890', '1', 'Uint64'],
    ['9223372036854775807', '-1', 'Int64'],
    ['100000000000000000000', '1.5', 'Float64'],
    ['1', 'true', 'Utf8'],
    ['9007199254740993', 'x', 'Utf8'],
  ])('a column of %s and %s is %s', async (first, second, type) => {
    const [batch] = await all(readCsv, `a\n${first}\n${second}\n`);
    expect(String(batch?.schema.fields[0]?.type)).toBe(type);
    expect([0, 1].map((row) => String(batch?.getChild('a')?.get(row)))).toEqual([first, second]);
  });

  test.each([
    ['9223372036854775809', '-1', 1, 'rounded'],
    ['1', '18446744073709551617', 2, 'rounded'],
    ['9007199254740993', '1.5', 1, 'rounded'],
    ['1.5', '9007199254740993', 2, 'rounded'],
    ['1', '1e400', 2, 'infinite'],
  ])('a column of %s and %s is refused', async (first, second, row, what) => {
    const error = await failure(readCsv, `a\n${first}\n${second}\n`);
    const value = row === 1 ? first : second;
    expect(error).toMatchObject({
      code: 'CSV_INVALID',
      message: expect.stringMatching(
        new RegExp(`^row ${row}, column 'a': '${value}' would be ${what} as float64; .*\\(--schema a:utf8`),
      ),
    });
  });

  test('a float that is asked for may be rounded, and is never infinite', async () => {
    const types = new Map([['a', 'float64'] as const, ['b', 'float32'] as const]);
    const [batch] = await all(readCsv, 'a,b\n9007199254740993,1e38\n', { types });
    expect(batch?.getChild('a')?.get(0)).toBe(2 ** 53);
    for (const bad of ['1e400,1', '1,1e39']) {
      expect(await failure(readCsv, `a,b\n${bad}\n`, { types })).toMatchObject({ code: 'CSV_INVALID' });
    }
  });

  test('the values of 64-bit types, dates and timestamps', async () => {
    const types = new Map([['u', 'uint64'] as const, ['d', 'date'] as const, ['t', 'timestamp'] as const]);
    const [batch] = await all(readCsv, 'u,d,t\n18446744073709551615,1970-01-02,1969-12-31 23:59:59.999999Z\n', {
      types,
    });
    const raw = (name: string) => batch?.getChild(name)?.data[0]?.values as ArrayLike<unknown>;
    expect([raw('u')[0], raw('d')[0], raw('t')[0]]).toEqual([18446744073709551615n, 1, -1n]);
  });

  test('chosen columns come in the order asked for; others are not looked at', async () => {
    const columns = ['c', 'a'];
    expect(values(await all(readCsv, 'a,b,c\n1,x,2\n3,4,5\n', { columns, batchRows: 1 }))).toEqual({
      c: [2n, 5n],
      a: [1n, 3n],
    });
    expect(await failure(readCsv, 'a,b\n1,2\n', { columns: ['bb'] })).toMatchObject({ code: 'COLUMN_UNKNOWN' });
  });

  test.each([
    ['text in Latin 1', Buffer.from('a\nzürich\n', 'latin1'), 'no CSV: byte 3 is no UTF-8'],
    [
      'a text cut inside a character',
      Buffer.from('a\nü').subarray(0, 3),
      'byte 2 is no UTF-8: the text ends inside a character',
    ],
    ['too few values', 'a,b\n1\n', 'Invalid Record Length'],
    ['a quote that is not closed', 'a\n"1\n', 'Quote Not Closed'],
  ])('%s is refused', async (_, bad, message) => {
    const error = await failure(readCsv, bad);
    expect(error).toMatchObject({ name: 'CsvError', code: 'CSV_INVALID' });
    expect((error as Error).message).toContain(message);
  });
});

describe('a batch ends before its rows times its columns fill the memory', () => {
  const MAX_CELLS = 2 ** 22;
  const most = (batches: readonly RecordBatch[]) =>
    Math.max(...batches.map((batch) => batch.numRows * batch.schema.fields.length));

  test('NDJSON whose rows have names of their own', async () => {
    const ROWS = 3000;
    const text = Array.from({ length: ROWS }, (_, i) => `{"k${i}":${i}}\n`).join('');
    const batches = await all(readNdjson, text);
    expect(batches.reduce((sum, { numRows }) => sum + numRows, 0)).toBe(ROWS);
    expect(most(batches)).toBeLessThanOrEqual(MAX_CELLS);
    const diagonal = batches.flatMap(({ numRows }, i) => {
      const first = batches.slice(0, i).reduce((sum, before) => sum + before.numRows, 0);
      return Array.from({ length: numRows }, (_, row) => batches[i]?.getChildAt(first + row)?.get(row));
    });
    expect(diagonal).toEqual(Array.from({ length: ROWS }, (_, i) => BigInt(i)));
  });

  test('NDJSON whose objects inside have names of their own', async () => {
    const text = Array.from({ length: 3000 }, (_, i) => `{"a":{"k${i}":1}}\n`).join('');
    const batches = await all(readNdjson, text);
    expect(Math.max(...batches.map(({ numRows }) => numRows * 3000))).toBeLessThanOrEqual(MAX_CELLS);
  });

  test('CSV of many empty values', async () => {
    const COLUMNS = 4000;
    const text = `${Array.from({ length: COLUMNS }, (_, i) => `c${i}`).join()}\n${`${','.repeat(COLUMNS - 1)}\n`.repeat(1500)}`;
    const batches = await all(readCsv, text);
    expect(batches.reduce((sum, { numRows }) => sum + numRows, 0)).toBe(1500);
    expect(most(batches)).toBeLessThanOrEqual(MAX_CELLS);
  });

  test('as many names inside as outside are refused, with what to do', async () => {
    const text = `{"a":{${Array.from({ length: 16_384 }, (_, i) => `"k${i}":1`).join()}}}\n`;
    expect(await failure(readNdjson, text)).toMatchObject({
      code: 'NDJSON_INVALID',
      message: expect.stringMatching(
        /^it has 16385 columns, those inside included: more than 16384 are not taken; names that differ .* belong into a column/,
      ),
    });
  });

  test('a list whose objects have names of their own is refused', async () => {
    const items = Array.from({ length: 6000 }, (_, i) => `{"k${i}":1}`).join();
    expect(await failure(readNdjson, `{"b":1}\n{"a":[${items}]}\n`)).toMatchObject({
      code: 'NDJSON_INVALID',
      message: expect.stringMatching(
        /^line 2: its lists come to \d+ values, with those that are missing: more than 16777216/,
      ),
    });
  });
});
