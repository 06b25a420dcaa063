// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { Session } from '@zenoh-segments/core';
import { tableToIPC } from 'apache-arrow';
import { matched } from '../support/matched.js';
import { freePort, listening } from '../support/sessions.js';
import { Cli, connect, listen } from './cli.js';
import { dataset, flights, mixed, withFolder, write } from './data.js';

const FLIGHTS = dataset('flights-200k.arrow');

describe('wrong usage ends with code 2 and says what is wrong', () => {
  test.each([
    ['a missing key', ['pub', FLIGHTS], "required option '-k, --key <key>' not specified"],
    ['a wildcard for pub', ['pub', '-k', 'a/**', FLIGHTS], "USAGE: 'a/**' stands for many keys"],
    ['a key that is none', ['sub', '-k', 'a//b'], "USAGE: 'a//b' is no key expression: "],
    ['a second key for sub', ['sub', '-k', 'a', '-k', 'b'], "argument 'b' is invalid. A key is given already: 'a'."],
    ['a second key for pub', ['pub', '-k', 'a', '-k', 'b', FLIGHTS], "A key is given already: 'a'."],
    ['a second key for hz', ['hz', '-k', 'a', '-k', 'b'], "A key is given already: 'a'."],
    ['a prefix of many keys', ['replay', '--key-prefix', 'a/*', FLIGHTS], "USAGE: 'a/*' stands for many keys"],
    ['a new name of many keys', ['replay', '--rename', 'a=b/**', FLIGHTS], "USAGE: 'b/**' stands for many keys"],
    ['a new name that is no key', ['replay', '--rename', 'a=b//c', FLIGHTS], "USAGE: 'b//c' is no key expression"],
    ['an unknown flag', ['sub', '-k', 'a', '--tabel'], "unknown option '--tabel'"],
    ['an unknown verb', ['publish'], "unknown command 'publish'"],
    [
      'an unknown output',
      ['sub', '-k', 'a', '--output', 'xml'],
      'Allowed choices are table, ndjson, csv, arrow, parquet, none.',
    ],
    [
      'an output that is a file',
      ['sub', '-k', 'a', '--output', 'out/x.pq'],
      'Allowed choices are table, ndjson, csv, arrow, parquet, none. A file is given with -o (--file): -o out/x.pq',
    ],
    [
      'an Arrow file from sub',
      ['sub', '-k', 'a', '-o', 'out.d/x.arrow'],
      "USAGE: '.arrow' is for Arrow files, which end with an index, and sub writes an Arrow stream: name it out.d/x.arrows, or add --output arrow",
    ],
    [
      'tabs from sub',
      ['sub', '-k', 'a', '-o', 'x.tsv'],
      'sub writes values separated by commas: name it x.csv, or add --output csv',
    ],
    ['a pool in other units', ['pub', '-k', 'a', '--shm', '64MiB', FLIGHTS], 'It must be a whole number from 1'],
    ['a loop of less than one', ['pub', '-k', 'a', '--loop', '-1', FLIGHTS], 'It must be a whole number from 1.'],
    ['a count of 0', ['sub', '-k', 'a', '--count', '0'], 'It must be a whole number from 1.'],
    ['a rate of 0', ['pub', '-k', 'a', '--rate', '0', FLIGHTS], 'It must be a number above 0 of batches'],
    ['an unknown column type', ['pub', '-k', 'a', '--schema', 'x:int9', FLIGHTS], 'It must be NAME:TYPE'],
    ['no column names', ['pub', '-k', 'a', '--columns', 'a,,b', FLIGHTS], 'It must be NAME,NAME'],
    ['a column name twice', ['pub', '-k', 'a', '--columns', 'a,a', FLIGHTS], "'a' is in it twice"],
    [
      'a speed without times',
      ['pub', '-k', 'a', '--speed', '2', FLIGHTS],
      'USAGE: --speed and --time-unit need --time-column',
    ],
    [
      'a rate of words',
      ['pub', '-k', 'a', '--rate', 'fast', FLIGHTS],
      'It must be a number above 0 of batches a second',
    ],
    [
      'compressed shared memory',
      ['pub', '-k', 'a', '--shm', '1', '--compress', 'lz4', FLIGHTS],
      "'--compress <codec>' cannot be used with option '--shm [MiB]'",
    ],
    [
      'an unknown mode',
      ['pub', '-k', 'a', '-m', 'foo', FLIGHTS],
      'Allowed choices are peer, client, router, self-contained, schema-ref.',
    ],
    ['an unknown codec', ['pub', '-k', 'a', '--compress', 'gzip', FLIGHTS], 'Allowed choices are lz4, zstd.'],
    [
      'an unknown format',
      ['pub', '-k', 'a', '--format', 'xlsx', FLIGHTS],
      'Allowed choices are arrow-file, arrow-stream, parquet, csv, ndjson.',
    ],
    ['half a loop', ['pub', '-k', 'a', '--loop', '0.5', FLIGHTS], 'It must be a whole number from 1.'],
    ['a loop over a pipe', ['pub', '-k', 'a', '--loop', '2', '-'], 'USAGE: --loop needs a file'],
    ['a wrong configuration', ['sub', '-k', 'a', '--cfg', 'nonsense:1'], 'USAGE: the configuration is refused: '],
    ['a setting without a value', ['sub', '-k', 'a', '--cfg', 'mode'], 'USAGE: --cfg takes KEY:VALUE'],
    [
      'a configuration file that is not there',
      ['sub', '-k', 'a', '-c', 'nowhere.json5'],
      'the configuration is refused: ',
    ],
  ])('%s', async (_, args, text) => {
    const { code, stderr } = await Cli.run(args);
    expect(stderr).toContain(text);
    expect(stderr).toMatch(/^zenoh-arrow( \w+)?: (USAGE|CONFIG_INVALID): /);
    expect(code).toBe(2);
  });

  test.each([
    ['pub', ['pub', '--json'], "required option '-k, --key <key>' not specified"],
    ['pub', ['pub', '-k', 'a', '--json', '--rate', '0'], 'It must be a number above 0'],
    ['info', ['info', '--json'], 'a key expression is needed'],
    [undefined, ['publish', '--json'], "unknown command 'publish'"],
  ])('as JSON with --json: %s', async (verb, args, text) => {
    const { code, stderr } = await Cli.run(args);
    const message = expect.stringContaining(text);
    expect(JSON.parse(stderr)).toEqual({ ...(verb && { verb }), event: 'error', code: 'USAGE', message });
    expect(code).toBe(2);
  });
});

describe('an input that can not be read ends with code 1, an error code and the reason', () => {
  const arrow = tableToIPC(flights(), 'file');
  const stream = tableToIPC(mixed(0, 50), 'stream');

  test.each([
    ['is not there', undefined, "INPUT: can't read "],
    ['ends early, a file', ['cut.arrow', arrow.subarray(0, 100_000)] as const, 'ARROW_INVALID: '],
    ['ends early, a stream', ['cut.arrows', stream.subarray(0, stream.length - 200)] as const, 'ARROW_TRUNCATED: '],
    ['is no Arrow data in spite of its name', ['text.arrow', 'hello, world'] as const, 'it starts with "hell": text'],
    ['is broken CSV', ['broken.csv', 'a,b\n1,2\n3\n'] as const, 'broken.csv: Invalid Record Length'],
    [
      'is CSV with other delimiters',
      ['a.csv', 'a,b\n1,"2"\n'] as const,
      'is the delimiter right',
      ['--delimiter', ';'],
    ],
    ['is CSV with an open quote', ['open.csv', 'a,b\n"1,2\n'] as const, 'open.csv: Quote Not Closed'],
    ['is CSV with one name twice', ['twice.csv', 'a,a\n1,2\n'] as const, "twice.csv: two columns are called 'a'"],
  ])('a file that %s', async (_, file, text, flags: string[] = []) => {
    const port = await freePort();
    const { code, stderr } = await withFolder((folder) => {
      const path = file === undefined ? `${folder}/nothing.arrow` : write(folder, file[0], file[1]);
      return Cli.run(['pub', '-k', 'a', ...connect(port), ...flags, path]);
    });
    expect(stderr).toContain(text);
    if (file?.[0].endsWith('.csv')) expect(stderr).toMatch(/: CSV_INVALID: \/.*\.csv: /);
    expect(code).toBe(1);
  });

  test.each([
    ['a.csv', 'a,b\n1\n', 'CSV_INVALID'],
    ['a.ndjson', '{"a":\n', 'NDJSON_INVALID'],
    ['a.arrows', stream.subarray(0, stream.length - 200), 'ARROW_TRUNCATED'],
    ['a.parquet', 'PAR1PAR1', 'PARQUET_INVALID'],
  ])('the second of two files, %s: its path is told', async (name, content, expected) => {
    const port = await freePort();
    const { code, stderr } = await withFolder((folder) => {
      const paths = [write(folder, 'good.csv', 'a\n1\n'), write(folder, name, content)];
      return Cli.run(['pub', '-k', 'a', '--json', ...connect(port), ...paths]);
    });
    const error = stderr.split('\n').find((line) => line.includes('"error"')) ?? '';
    expect(error).toContain(`"code":"${expected}","message":"/`);
    expect(error).toContain(`/${name}: `);
    expect(code).toBe(1);
  });

  test('a batch larger than the pool', async () => {
    const { code, stderr } = await Cli.run(['pub', '-k', 'a', '--shm', '1', ...connect(await freePort()), FLIGHTS]);
    expect(stderr).toContain('SHM_EXHAUSTED: a batch needs 1600');
    expect(stderr).toContain('use --shm 4, or smaller batches');
    expect(code).toBe(1);
  });
});

describe('an option whose value may be left out takes no path', () => {
  test.each([
    ['one', ['--loop', FLIGHTS, '--count', '2'], 2],
    ['several', ['--loop', '--shm', FLIGHTS, '--count', '2'], 2],
    ['with a value of its own', ['--loop', '2', FLIGHTS], 2],
    ['before the end of the options', ['--count', '2', '--loop', '--', FLIGHTS], 2],
  ])('%s', async (_, args, batches) => {
    const { code, summary, stderr } = await Cli.run(['pub', '-k', 'a', '--json', ...listen(await freePort()), ...args]);
    expect(stderr).not.toContain('"error"');
    expect(summary).toMatchObject({ batches });
    expect(code).toBe(0);
  });

  test('a file whose name begins with digits is one', () =>
    withFolder(async (folder) => {
      const path = write(folder, '2024.csv', 'a\n1\n');
      const { code, summary } = await Cli.run([
        'pub',
        '-k',
        'a',
        '--json',
        ...listen(await freePort()),
        '--count',
        '3',
        '--loop',
        path,
      ]);
      expect([code, summary?.batches]).toEqual([0, 3]);
    }));
});

describe('a client without a router says what it needs', () => {
  const OFF = ['--no-multicast-scouting'];

  test('when no address is given', async () => {
    const { code, stderr } = await Cli.run(['sub', '-k', 'a', '-m', 'client', ...OFF]);
    expect(stderr).toContain(
      'OPEN_FAILED: a client needs a router, and multicast scouting is off and no address is given: give its address ' +
        'with -e, such as -e tcp/192.168.1.2:7447 (zenoh: ',
    );
    expect(code).toBe(1);
  });

  test('when nothing listens there', async () => {
    const at = `tcp/127.0.0.1:${await freePort()}`;
    const { code, stderr } = await Cli.run(['pub', '-k', 'a', '-m', 'client', ...OFF, '-e', at, FLIGHTS]);
    expect(stderr).toContain(`OPEN_FAILED: a client needs a router, and none could be reached at ${at}: `);
    expect(stderr).toContain(`or ask zenoh-arrow doctor -e ${at} (zenoh: `);
    expect(code).toBe(1);
  });
});

test('an address in use is an error of the network', async () => {
  const port = await freePort();
  const session = await Session.open(listening(port));
  try {
    const { code, stderr } = await Cli.run(['sub', '-k', 'a', ...listen(port)]);
    expect(stderr).toContain('OPEN_FAILED: ');
    expect(code).toBe(1);
  } finally {
    await session.close();
  }
});

test('a sample that is no Arrow data is told, skipped, and makes the exit code 1', async () => {
  const port = await freePort();
  const session = await Session.open(listening(port));
  try {
    await Cli.with(['sub', '-k', 'a/*', '--json', '--count', '4', ...connect(port)], async (sub) => {
      await sub.ready();
      await matched(session, 'a/b');
      for (let i = 0; i < 3; i++) await session.put('a/b', 'no Arrow, \u001b[2J');
      await session.put('a/c', tableToIPC(mixed(1, 1), 'stream'));
      const { code, summary, stderr } = await sub.ended();
      expect(summary).toMatchObject({ batches: 1, rows: 1, skipped: 3 });
      expect(sub.events().filter(({ event }) => event === 'warning')).toHaveLength(1);
      expect(sub.events()[1]).toMatchObject({ event: 'warning', code: expect.stringMatching(/^ARROW_/) });
      expect(stderr).toContain("skipped a sample of 'a/b' (encoding zenoh/bytes): ");
      expect(code).toBe(1);
    });
  } finally {
    await session.close();
  }
});

test.each([[], ['pub'], ['sub']])('help of %s', async (...verb) => {
  const { code, stdout } = await Cli.run([...verb, '--help']);
  expect(code).toBe(0);
  expect(stdout.toString()).toContain('Usage: zenoh-arrow');
  if (verb.length > 0) expect(stdout.toString()).toContain('Exit codes: ');
});

test.each([
  ['pub of an empty input', ['pub'], 0],
  ['sub when nothing comes', ['sub', '--duration', '0.2'], 124],
])('%s: a warning says so', async (_, args, exit) => {
  const { code, stderr } = await Cli.run([...args, '-k', 'a', '--json', ...listen(await freePort())]);
  expect(stderr).toContain('"event":"warning","code":"NO_DATA","message":"nothing ');
  expect(code).toBe(exit);
});

test('--json and --quiet: one object a line, or nothing', async () => {
  const port = await freePort();
  const args = ['pub', '-k', 'a', ...connect(port), FLIGHTS];
  const told = (await Cli.run([...args, '--json'])).stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(told.map(({ event }) => event)).toEqual(['ready', 'summary']);
  expect((await Cli.run([...args, '--quiet'])).stderr).toBe('');
  expect((await Cli.run(args)).stderr).toMatch(
    /^zenoh-arrow pub: publishing on 'a'\nzenoh-arrow pub: 1 batch, 200,000 rows, 1\.6 MB in .*; no byte copied\n$/,
  );
});
