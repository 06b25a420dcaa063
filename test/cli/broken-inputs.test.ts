// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { tableToIPC } from 'apache-arrow';
import { seededBytes } from '../support/seeded-bytes.js';
import { freePort } from '../support/sessions.js';
import { Cli, connect, type Ended } from './cli.js';
import { dataset, flights, withFolder, write } from './data.js';

const parquet = readFileSync(dataset('flights-3m.parquet'));
const PNG = readFileSync(dataset('7zip.png'));
const COLUMNS = "the columns are 'delay', 'distance', 'time'";

async function pub(args: readonly string[], stdin?: Uint8Array | string): Promise<Ended> {
  return Cli.run(['pub', '-k', 'a', ...connect(await freePort()), ...args], stdin);
}

/** A file of its own, by its name, or with no name a pipe. */
function pubOf(name: string | undefined, content: Uint8Array | string, args: readonly string[] = []): Promise<Ended> {
  if (name === undefined) return pub(args, content);
  return withFolder((folder) => pub([...args, write(folder, name, content)]));
}

describe('what is no table ends with code 1 and is called by its name', () => {
  test.each([
    ['a PNG image called CSV', 'a.csv', PNG, [], 'INPUT: ', 'is a PNG image'],
    ['a PNG image in a pipe', undefined, PNG, [], 'INPUT: standard input is ', 'a PNG image'],
    ['a PNG image that is said to be CSV', 'a.png', PNG, ['--format', 'csv'], 'CSV_INVALID: ', 'byte 8 is 0: binary'],
    ['a PNG image that is said to be Parquet', 'a.png', PNG, ['--format', 'parquet'], 'PARQUET_INVALID: ', ''],
    ['CSV in UTF-16', 'a.csv', Buffer.from('\ufeffa\n1\n', 'utf16le'), [], 'INPUT: ', 'text in UTF-16'],
    ['broken NDJSON', undefined, '{"a":1}\n{"a":\n', [], 'NDJSON_INVALID: line 2: ', ''],
  ])('%s', async (_, name, content, args, code, text) => {
    const { code: exit, stderr } = await pubOf(name, content, args);
    expect(stderr).toContain(code);
    expect(stderr).toContain(text);
    expect(exit).toBe(1);
  });
});

describe('broken Parquet ends with code 1', () => {
  const random = Buffer.from(seededBytes(7, 1_200_000));
  const damaged = Buffer.concat([parquet.subarray(0, 4), random, parquet.subarray(4 + random.length)]);

  test.each([
    ['the magic twice', Buffer.from('PAR1PAR1')],
    ['a length beyond the file', Buffer.from('PAR1\xff\xff\xff\x7fPAR1', 'latin1')],
    ['cut off', parquet.subarray(0, 100_000)],
    ['damaged pages', damaged],
    [
      'damaged metadata',
      Buffer.concat([parquet.subarray(0, -3000), random.subarray(0, 2000), parquet.subarray(-1000)]),
    ],
  ])('%s', async (_, content) => {
    const { code, stderr } = await pubOf('a.parquet', content, ['--columns', 'delay,distance']);
    expect(stderr).toMatch(/PARQUET_INVALID: \S/);
    expect(code).toBe(1);
  });

  test('in a pipe too', async () => {
    const { code, stderr } = await pub([], parquet.subarray(0, 100_000));
    expect(stderr).toMatch(/PARQUET_INVALID: \S/);
    expect(code).toBe(1);
  });
});

describe('a column that is not there ends with code 2 and the names of those that are', () => {
  test.each([
    [
      'a.arrow',
      tableToIPC(flights().slice(0, 5), 'stream'),
      ['--columns', 'dely'],
      `'dely' (did you mean 'delay'?); ${COLUMNS}`,
    ],
    ['a.csv', 'delay,distance,time\n1,2,3\n', ['--columns', 'Delay'], `'Delay' (did you mean 'delay'?); ${COLUMNS}`],
    ['b.csv', 'delay,distance,time\n1,2,3\n', ['--schema', 'speed:int8'], `'speed'; ${COLUMNS}`],
    [
      'a.ndjson',
      '{"delay":1,"distance":2,"time":3}\n',
      ['--columns', 'tim'],
      `'tim' (did you mean 'time'?); ${COLUMNS}`,
    ],
    ['a.parquet', parquet, ['--columns', 'orgin'], "'orgin' (did you mean 'origin'?); the columns are 'date', "],
    ['c.csv', 'delay,distance,time\n1,2,3\n', ['--time-column', 'when'], `'when'; ${COLUMNS}`],
  ])('%s', async (name, content, args, text) => {
    const { code, stderr } = await pubOf(name, content, args);
    expect(stderr).toContain(`COLUMN_UNKNOWN: there is no column ${text}`);
    expect(code).toBe(2);
  });
});

test('a second input that is not there is told before anything is published', async () => {
  const { code, stderr } = await withFolder((folder) => pub([write(folder, 'a.csv', 'a\n1\n'), `${folder}/b.csv`]));
  expect(stderr).toContain("INPUT: can't read ");
  expect(stderr).not.toContain('publishing');
  expect(code).toBe(1);
});

test('a column of times that holds none is an error', async () => {
  const { code, stderr } = await pub(['--time-column', 'a'], 'a\nsoon\n');
  expect(stderr).toContain("INPUT: --time-column 'a': 'soon' (Utf8) is no time");
  expect(code).toBe(1);
});
