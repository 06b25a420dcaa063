// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { MCAP_MAGIC } from '@mcap/core';
import { CongestionControl, Session } from '@zenoh-segments/core';
import { tableToIPC } from 'apache-arrow';
import { matched } from '../support/matched.js';
import { freePort, listening } from '../support/sessions.js';
import { HANG_MS, until } from '../support/until.js';
import { Cli, connect } from './cli.js';
import { dataset, mixed, withFolder, write } from './data.js';
import { writeMcap } from './mcap.js';
import { played } from './played.js';

const bin = fileURLToPath(new URL('../../packages/arrow/bin/zenoh-arrow.js', import.meta.url));
const FLIGHTS = dataset('flights-200k.arrow');

test.each([
  ['sub', ['sub', '-k', 'test', '--duration', '9999999']],
  ['pub', ['pub', '-k', 'test', '--duration', '9999999', '--wait-matching', FLIGHTS]],
  ['schema', ['schema', 'test', '--duration', '9999999', '--json']],
])('%s for a time longer than timers know does not end at once', async (_, args) =>
  Cli.with([...args, ...connect(await freePort())], async (cli) => {
    await until('it is ready', () => /listening|publishing|ready/.test(cli.stderr));
    cli.interrupt();
    expect([(await cli.ended()).code, cli.stderr]).toEqual([130, expect.not.stringContaining('TimeoutOverflow')]);
  }),
);

(existsSync('/dev/full') ? describe : describe.skip)('standard output on a full device is a typed error', () => {
  test.each([
    ['of a verb', ['schema', FLIGHTS]],
    ['of help', ['--help']],
    ['of a verb of help', ['sub', '--help']],
    ['of completion', ['completion', 'bash']],
  ])('%s', (_, args) => {
    const full = openSync('/dev/full', 'w');
    try {
      const { status, stderr } = spawnSync(process.execPath, [bin, ...args], {
        stdio: ['ignore', full, 'pipe'],
        env: { ...process.env, NODE_OPTIONS: '' },
        timeout: HANG_MS,
      });
      expect(stderr.toString()).toMatch(
        /^zenoh-arrow.*: OUTPUT: can't write standard output: ENOSPC: the disk is full\n$/,
      );
      expect(status).toBe(1);
    } finally {
      closeSync(full);
    }
  });
});

describe('a named pipe', () => {
  const withPipe = (run: (path: string) => Promise<void>) =>
    withFolder((folder) => {
      const path = `${folder}/pipe`;
      expect(spawnSync('mkfifo', [path]).status).toBe(0);
      return run(path);
    });

  test.each([
    ['pub', (path: string) => ['pub', '-k', 'test', path]],
    ['schema', (path: string) => ['schema', path]],
  ])('that nobody writes into is waited for by %s, and Ctrl-C ends that', (_, args) =>
    withPipe((path) =>
      Cli.with(args(path), async (cli) => {
        await until('it has the pipe', () => opens(cli.child.pid as number, path));
        cli.interrupt();
        expect((await cli.ended()).code).toBe(130);
      }),
    ),
  );

  test('is read when somebody writes into it', () =>
    withPipe((path) =>
      Cli.with(['schema', path], async (cli) => {
        await until('it has the pipe', () => opens(cli.child.pid as number, path));
        writeFileSync(path, readFileSync(FLIGHTS).subarray(0, 60_000));
        const { code, stdout } = await cli.ended();
        expect([code, stdout.toString()]).toEqual([0, expect.stringContaining('delay: int16')]);
      }),
    ));

  test('is no file for replay, and no output without a reader', () =>
    withPipe(async (path) => {
      const replayed = await Cli.run(['replay', path]);
      expect([replayed.code, replayed.stderr]).toEqual([1, expect.stringContaining('it is no file')]);
      for (const args of [
        ['sub', '-k', 'test', '--output', 'csv', '--force', '-o', path],
        ['record', '-k', 'test', '--force', path],
      ]) {
        const { code, stderr } = await Cli.run(args);
        expect([code, stderr]).toEqual([1, expect.stringContaining('nobody reads the pipe')]);
      }
    }));
});

test('a configuration without end is refused', async () => {
  const { code, stderr } = await Cli.run(['sub', '-k', 'test', '-c', '/dev/zero']);
  expect([code, stderr]).toEqual([2, expect.stringContaining("USAGE: the configuration is refused: '/dev/zero'")]);
});

test('a configuration of many megabytes is refused', () =>
  withFolder(async (folder) => {
    const path = write(folder, 'large.json5', ' '.repeat(2 ** 21));
    const { code, stderr } = await Cli.run(['sub', '-k', 'test', '-c', path]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('it is larger than 1048576 bytes')]);
  }));

test('an MCAP file with an index without end is refused', () =>
  withFolder(async (folder) => {
    const path = await writeMcap(`${folder}/run.mcap`, [{ topic: 'a', time: 0, data: '{}' }]);
    const start = readFileSync(path).byteLength;
    const end = Buffer.alloc(20 + MCAP_MAGIC.length);
    end.writeBigUInt64LE(BigInt(start), 0);
    Buffer.from(MCAP_MAGIC).copy(end, 20);
    // The hole in it takes no room.
    truncateSync(path, start + 2 ** 27);
    writeFileSync(path, end, { flag: 'a' });
    const { code, stderr } = await Cli.run(['replay', path]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('MCAP_LIMIT: the index of the file has')]);
  }));

test('a topic too long for a key is skipped', () =>
  withFolder(async (folder) => {
    const messages = ['x'.repeat(70_000), 'a'].map((topic, time) => ({ topic, time, data: '{}' }));
    const { code, stderr, samples } = await played(['--speed', '0', await writeMcap(`${folder}/run.mcap`, messages)]);
    expect([code, samples.length, stderr]).toEqual([1, 1, expect.stringContaining("skipping topic 'xxx")]);
  }));

test.each([
  ['csv', (names: string[]) => `${names.join(',')}\n${names.map(() => 1).join(',')}\n`],
  ['ndjson', (names: string[]) => `{${names.map((name) => `"${name}":1`).join(',')}}\n`],
])('%s of more columns than readers take is refused', (kind, text) =>
  withFolder(async (folder) => {
    const names = Array.from({ length: 200_000 }, (_, i) => `c${i}`);
    const { code, stderr } = await Cli.run(['pub', '-k', 'test', write(folder, `wide.${kind}`, text(names))]);
    expect(stderr).toContain(
      `${kind.toUpperCase()}_INVALID: ${folder}/wide.${kind}: it has 200000 columns: more than 16384`,
    );
    expect(code).toBe(1);
  }),
);

test.each([
  ['rows of bench', ['bench', '--rows', '99999999999', '--count', '1'], 2, 'It must be a whole number from 1 to'],
  [
    'a pool of pub',
    ['pub', '-k', 'test', '--shm', '9007199254740991', FLIGHTS],
    2,
    'It must be a whole number from 1 to',
  ],
  ['a file that fails to be read', ['pub', '-k', 'test', '/proc/self/mem'], 1, "INPUT: can't read '/proc/self/mem'"],
])('too much, or not there: %s', async (_, args, expected, text) => {
  const { code, stderr } = await Cli.run(args);
  expect([code, stderr]).toEqual([expected, expect.stringContaining(text)]);
});

test('warnings that nobody reads do not pile up; how many were left out is told', async () => {
  const port = await freePort();
  const session = await Session.open(listening(port));
  try {
    const samples = 900;
    const qos = { congestionControl: CongestionControl.BLOCK };
    await Cli.with(['sub', '-k', 'test/**', '--json', '--count', `${samples + 1}`, ...connect(port)], async (cli) => {
      await cli.ready();
      await matched(session, 'test/x');
      cli.child.stderr.pause();
      for (let i = 0; i < samples; i++) await session.put(`test/${i}/${'x'.repeat(3000)}`, 'junk', qos);
      await session.put('test/x', tableToIPC(mixed(0, 1), 'stream'), qos);
      await until('the row behind all of them is written', () => cli.stdout.length > 0);
      cli.child.stderr.resume();
      expect((await cli.ended()).summary?.skipped).toBe(samples);
      expect(cli.stderr).toMatch(/\d+ warnings left out: nobody read them/);
    });
  } finally {
    await session.close();
  }
});

/** Whether a process has a file open. */
function opens(pid: number, path: string): boolean {
  const { stdout } = spawnSync('sh', ['-c', `ls -l /proc/${pid}/fd`]);
  return stdout.toString().includes(path);
}
