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
    ['an unknown flag', ['sub', '-k', 'a', '--tabel'], "unknown option '--tabel'"],
    ['an unknown verb', ['publish'], "unknown command 'publish'"],
    ['an unknown output', ['sub', '-k', 'a', '--output', 'xml'], 'Allowed choices are table, ndjson, arrow, none.'],
    ['a count of 0', ['sub', '-k', 'a', '--count', '0'], 'It must be a whole number from 1.'],
    ['a rate of 0', ['pub', '-k', 'a', '--rate', '0', FLIGHTS], 'It must be a number above 0.'],
    ['an unknown column type', ['pub', '-k', 'a', '--type', 'x=int9', FLIGHTS], 'It must be COLUMN=TYPE'],
    ['batch rows for Arrow', ['pub', '-k', 'a', '--batch-rows', '9', FLIGHTS], 'USAGE: --batch-rows is for CSV'],
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
    ['is no Arrow data in spite of its name', ['text.arrow', 'hello, world'] as const, 'ARROW_'],
    ['is broken CSV', ['broken.csv', 'a,b\n1,2\n3\n'] as const, 'CSV_INVALID: Invalid Record Length'],
    ['is CSV with an open quote', ['open.csv', 'a,b\n"1,2\n'] as const, 'CSV_INVALID: Quote Not Closed'],
    ['is CSV with one name twice', ['twice.csv', 'a,a\n1,2\n'] as const, "CSV_INVALID: two columns are called 'a'"],
  ])('a file that %s', async (_, file, text) => {
    const port = await freePort();
    const { code, stderr } = await withFolder((folder) => {
      const path = file === undefined ? `${folder}/nothing.arrow` : write(folder, file[0], file[1]);
      return Cli.run(['pub', '-k', 'a', ...connect(port), path]);
    });
    expect(stderr).toContain(text);
    expect(code).toBe(1);
  });

  test('a batch larger than the pool', async () => {
    const { code, stderr } = await Cli.run(['pub', '-k', 'a', '--shm', '1', ...connect(await freePort()), FLIGHTS]);
    expect(stderr).toContain('SHM_EXHAUSTED: a batch needs 1600');
    expect(stderr).toContain('use --shm 4, or smaller batches');
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
    await Cli.with(['sub', '-k', 'a/*', '--json', '--count', '2', ...connect(port)], async (sub) => {
      await sub.ready();
      await matched(session, 'a/b');
      await session.put('a/b', 'no Arrow, \u001b[2J');
      await session.put('a/c', tableToIPC(mixed(1, 1), 'stream'));
      const { code, summary, stderr } = await sub.ended();
      expect(summary).toMatchObject({ batches: 1, rows: 1, skipped: 1 });
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
    /^zenoh-arrow pub: publishing on 'a'\nzenoh-arrow pub: 1 batch, 200,000 rows, 1\.60 MB in .*; no byte copied\n$/,
  );
});
