// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { freePort } from '../support/sessions.js';
import { Cli, connect, type Ended, listen } from './cli.js';
import { dataset, differences, flights, mixed, repeated, valuesOf, withFolder, write } from './data.js';

interface Pub {
  readonly args: readonly string[];
  readonly stdin?: Uint8Array | string;
}

/** Starts `sub`, runs one `pub` after the other against it, and waits for the end of `sub`, which `--count` brings. */
async function transfer(sub: readonly string[], ...pubs: Pub[]): Promise<{ sub: Ended; pub: Ended }> {
  const port = await freePort();
  return Cli.with(['sub', '-k', 'test/**', '--json', ...listen(port), ...sub], async (receiving) => {
    await receiving.ready();
    let pub: Ended | undefined;
    for (const { args, stdin } of pubs) {
      pub = await Cli.run(['pub', '-k', 'test/data', '--json', '--wait-matching', ...connect(port), ...args], stdin);
      expect(pub.stderr).not.toContain('"error"');
      expect(pub.code).toBe(0);
    }
    return { sub: await receiving.ended(), pub: pub as Ended };
  });
}

describe('an Arrow file', () => {
  test.each([
    ['over TCP', []],
    ['over shared memory', ['--shm', '16']],
  ])('%s arrives value by value', async (_, shm) => {
    const { sub, pub } = await transfer(['--output', 'arrow', '--count', '3'], {
      args: [dataset('flights-200k.arrow'), '--loop', '3', ...shm],
    });
    expect(sub.code).toBe(0);
    const received = tableFromIPC(sub.stdout);
    expect(received.batches).toHaveLength(3);
    expect(differences(received, repeated(flights(), 3))).toBe(0);
    expect(pub.summary).toMatchObject({ batches: 3, rows: 600_000, copied: 0, interrupted: false });
    expect(sub.summary).toMatchObject({ batches: 3, rows: 600_000, skipped: 0 });
    if (shm.length > 0) expect(sub.summary?.copied).toBe(0);
  });

  test.each([
    ['over TCP', []],
    ['over shared memory', ['--shm', '16']],
  ])('%s with nulls, lists and a dictionary, of several batches', async (_, shm) => {
    const table = repeated(mixed(0, 100), 3);
    const { sub, pub } = await withFolder((folder) =>
      transfer(['--output', 'arrow', '--count', '3'], {
        args: [write(folder, 'mixed.arrow', tableToIPC(table, 'file')), ...shm],
      }),
    );
    expect(valuesOf(tableFromIPC(sub.stdout))).toEqual(valuesOf(table));
    expect(pub.summary?.copied).toBe(0);
  });
});

describe('an Arrow stream', () => {
  const table = repeated(mixed(5, 50), 2);
  const stream = tableToIPC(table, 'stream');

  test.each([
    ['over TCP', []],
    ['over shared memory', ['--shm', '16']],
  ])('on disk, %s, is not copied by the publisher', async (_, shm) => {
    const { sub, pub } = await withFolder((folder) =>
      transfer(['--output', 'arrow', '--count', '2'], { args: [write(folder, 'mixed.arrows', stream), ...shm] }),
    );
    expect(valuesOf(tableFromIPC(sub.stdout))).toEqual(valuesOf(table));
    expect(pub.summary).toMatchObject({ batches: 2, copied: 0 });
  });

  test('in a pipe is copied once', async () => {
    const { sub, pub } = await transfer(['--output', 'arrow', '--count', '2'], { args: ['-'], stdin: stream });
    expect(valuesOf(tableFromIPC(sub.stdout))).toEqual(valuesOf(table));
    expect(Object.keys(pub.summary?.reasons ?? {})).toEqual(['convert']);
    expect(pub.summary?.copied).toBeLessThanOrEqual(stream.byteLength);
  });

  test('is what a file in a pipe is read as', async () => {
    const stdin = readFileSync(dataset('flights-200k.arrow'));
    const { sub, pub } = await transfer(['--output', 'arrow', '--count', '1'], { args: ['-'], stdin });
    expect(differences(tableFromIPC(sub.stdout), flights())).toBe(0);
    expect(Object.keys(pub.summary?.reasons ?? {})).toEqual(['convert']);
  });

  test('can not be found in a piped file that has no schema at its start', async () => {
    const stdin = tableToIPC(table, 'file');
    const { code, stderr } = await Cli.run(['pub', '-k', 'a', ...connect(await freePort())], stdin);
    expect(code).toBe(1);
    expect(stderr).toContain('INPUT: this Arrow file has its schema at its end only: give its path instead of a pipe');
  });

  test('of samples whose dictionaries differ holds the values of each', async () => {
    const tables = [mixed(0, 40), mixed(100, 40)];
    const pubs = tables.map((each) => ({ args: [], stdin: tableToIPC(each, 'stream') }));
    const { sub } = await transfer(['--output', 'arrow', '--count', '2'], ...pubs);
    const { batches } = tableFromIPC(sub.stdout);
    const received = batches.map((batch) =>
      Array.from({ length: batch.numRows }, (_, i) => batch.getChild('kind')?.get(i)),
    );
    expect(received).toEqual(tables.map((each) => [...(each.getChild('kind') ?? [])]));
  });

  test('can not change its schema: that is an error that says so', async () => {
    const pubs = ['a\n1\n', 'b\n1\n'].map((stdin) => ({ args: [], stdin }));
    const { sub } = await transfer(['--output', 'arrow'], ...pubs);
    expect(sub.code).toBe(1);
    expect(sub.stderr).toContain('"code":"SCHEMA_CHANGED"');
    expect(sub.stderr).toContain("'test/data' has another schema");
  });
});

describe('CSV', () => {
  const text = 'id,code,x,ok,note\n1,007,1.5,true,"a,b"\n2,010,,false,\n9007199254740993,,2e3,TRUE,"say ""hi"""\n';

  test('gets types, and empty values are null', async () => {
    const { sub } = await transfer(['--count', '1'], { args: [], stdin: text });
    expect(sub.stdout.toString()).toBe(
      '{"id":1,"code":"007","x":1.5,"ok":true,"note":"a,b"}\n' +
        '{"id":2,"code":"010","x":null,"ok":false,"note":null}\n' +
        '{"id":9007199254740993,"code":null,"x":2000,"ok":true,"note":"say \\"hi\\""}\n',
    );
  });

  test.each([
    ['over TCP', [], {}],
    ['over shared memory', ['--shm', '16'], { reasons: { convert: expect.any(Number) } }],
  ])('of many batches, %s, arrives row by row', async (_, shm, counted) => {
    const { sub, pub } = await transfer(['--count', '9'], {
      args: [dataset('zipcodes.csv'), '--batch-rows', '5000', ...shm],
    });
    const lines = readFileSync(dataset('zipcodes.csv'), 'utf8').trimEnd().split('\n').slice(1);
    const expected = lines.map((line) => {
      const [zip_code, latitude, longitude, city, state, county] = line.split(',');
      return JSON.stringify({
        zip_code,
        latitude: Number(latitude),
        longitude: Number(longitude),
        city,
        state,
        county,
      });
    });
    expect(sub.stdout.toString() === `${expected.join('\n')}\n`).toBe(true);
    expect(pub.summary).toMatchObject({ batches: 9, rows: lines.length, ...counted });
    expect(pub.summary?.copied).toBeLessThanOrEqual(pub.summary?.bytes as number);
  });

  test('whose types change later is refused, unless the type is given', async () => {
    const stdin = 'n\n1\n2\nx\n';
    const refused = await Cli.run(['pub', '-k', 'a', '--batch-rows', '2', ...connect(await freePort())], stdin);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("CSV_INVALID: row 3, column 'n': 'x' is no int64");
    const { sub } = await transfer(['--count', '2'], { args: ['--batch-rows', '2', '--schema', 'n:utf8'], stdin });
    expect(sub.stdout.toString()).toBe('{"n":"1"}\n{"n":"2"}\n{"n":"x"}\n');
  });

  test('with another delimiter and without a header', async () => {
    const { sub } = await transfer(['--count', '1'], {
      args: ['--delimiter', ';', '--no-header'],
      stdin: '1;a\n2;b\n',
    });
    expect(sub.stdout.toString()).toBe('{"column_1":1,"column_2":"a"}\n{"column_1":2,"column_2":"b"}\n');
  });
});

describe('sub', () => {
  test('writes every type as ndjson', async () => {
    const stdin = tableToIPC(mixed(1, 8), 'stream');
    const { sub } = await transfer(['--count', '1'], { args: [], stdin });
    const [first, , third] = sub.stdout.toString().split('\n');
    expect(first).toBe(
      '{"big":1152921504606846977,"flag":false,"text":"ÿ 1 \\"\\t","when":"1970-01-02T00:00:00.000Z","list":[0],"kind":"kind 1.1"}',
    );
    expect(third).toBe(
      '{"big":1152921504606846979,"flag":null,"text":"ÿ 3 \\"\\t","when":"1970-01-04T00:00:00.000Z","list":[],"kind":"kind 1.0"}',
    );
  });

  test('shows a table of the first rows, with nothing in it that steers a terminal', async () => {
    const stdin = 'city,n\n"\u001b[2Jevil\u202e",1\nRome,20\nParis,3\n';
    const { sub } = await transfer(['--count', '1', '--output', 'table', '--head', '2'], { args: [], stdin });
    expect(sub.stdout.toString()).toBe(
      'test/data  2 rows shown, 2 columns\n' +
        '┌─────────────────────┬────┐\n' +
        '│ city                │  n │\n' +
        '├─────────────────────┼────┤\n' +
        '│ \\u001b[2Jevil\\u202e │  1 │\n' +
        '│ Rome                │ 20 │\n' +
        '└─────────────────────┴────┘\n',
    );
  });

  test('counts without output, and stops at --count', async () => {
    const { sub } = await transfer(['--count', '2', '--output', 'none'], {
      args: ['--loop', '5', dataset('flights-200k.arrow')],
    });
    expect(sub).toMatchObject({ code: 0, summary: { batches: 2, rows: 400_000 } });
    expect(sub.stdout).toHaveLength(0);
  });
});
