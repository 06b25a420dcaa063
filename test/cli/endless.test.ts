// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { CongestionControl, Session } from '@zenoh-segments/core';
import { Dictionary, Int8, makeData, Table, tableToIPC, Utf8, Vector, vectorFromArray } from 'apache-arrow';
import { matched } from '../support/matched.js';
import { freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import { Cli, connect, type Ended } from './cli.js';
import { flights, withFolder } from './data.js';

const ROWS = 8000;
const TEXT = 'A'.repeat(1_000_000);
const BLOCK = { congestionControl: CongestionControl.BLOCK };

/** One text that all rows are: a megabyte of payload, and gigabytes as text. */
function endless(): Uint8Array {
  const type = new Dictionary(new Utf8(), new Int8());
  const dictionary = vectorFromArray([TEXT], new Utf8());
  const column = new Vector([makeData({ type, length: ROWS, data: new Int8Array(ROWS), dictionary })]);
  return tableToIPC(new Table({ d: column }), 'stream');
}

/** A `sub` that gets payloads, and one signal when `begun`. */
async function interrupted(
  args: readonly string[],
  payload: Uint8Array,
  begun: (sub: Cli) => Promise<void>,
): Promise<Ended> {
  const port = await freePort();
  const session = await Session.open(listening(port));
  try {
    return await Cli.with(['sub', '-k', 'test', '--json', ...connect(port), ...args], async (sub) => {
      await sub.ready();
      await matched(session, 'test');
      await session.put('test', payload, BLOCK);
      await begun(sub);
      sub.interrupt();
      return sub.ended();
    });
  } finally {
    await session.close();
  }
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

describe('a batch that is gigabytes as text is cut after one signal, at the end of a line', () => {
  test.each([
    ['ndjson', `{"d":"${TEXT}"}\n`, ''],
    ['csv', `${TEXT}\n`, 'd\n'],
  ])('%s', (kind, line, head) =>
    withFolder(async (folder) => {
      const path = `${folder}/x.${kind}`;
      const { code, stderr, summary } = await interrupted(['-o', path], endless(), () =>
        until('it is being written', () => sizeOf(path) > 0),
      );
      const written = (sizeOf(path) - head.length) / line.length;
      expect(stderr).toContain(
        `"code":"GIVEN_UP","message":"given up: the rest of a batch, after ${written.toLocaleString('en-US')} of its 8,000 rows: 1 batch, and 0 samples`,
      );
      expect(written).toBeLessThan(ROWS);
      expect([code, summary]).toEqual([130, expect.objectContaining({ unwritten: 1, interrupted: true })]);
    }),
  );

  test('table', () =>
    withFolder(async (folder) => {
      const path = `${folder}/x.txt`;
      const { code, stderr } = await interrupted(['--head', String(ROWS), '-o', path], endless(), () =>
        until('it is being written', () => sizeOf(path) > 0),
      );
      expect([code, stderr]).toEqual([130, expect.stringContaining('given up: the rest of a batch, after ')]);
      expect(readFileSync(path, 'utf8')).toMatch(/┘\n$/);
    }));

  test('what is written to standard output, a file', () =>
    withFolder(async (folder) => {
      const path = `${folder}/out`;
      const port = await freePort();
      const session = await Session.open(listening(port));
      const shell = ['sh', '-c', `exec "$@" > '${path}'`, 'sh'];
      try {
        await Cli.with(
          ['sub', '-k', 'test', '--json', '--output', 'ndjson', ...connect(port)],
          async (sub) => {
            await sub.ready();
            await matched(session, 'test');
            await session.put('test', endless(), BLOCK);
            await until('it is being written', () => sizeOf(path) > 0);
            sub.interrupt();
            expect(await sub.ended()).toMatchObject({ code: 130, summary: { unwritten: 1 } });
          },
          shell,
        );
      } finally {
        await session.close();
      }
      expect(sizeOf(path) % `{"d":"${TEXT}"}\n`.length).toBe(0);
    }));
});

describe('a named pipe whose reader reads nothing', () => {
  /** It is open for reading all the time. */
  async function withPipe(run: (path: string) => Promise<void>): Promise<void> {
    await withFolder(async (folder) => {
      const path = `${folder}/pipe`;
      expect(spawnSync('mkfifo', [path]).status).toBe(0);
      const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        await run(path);
      } finally {
        closeSync(fd);
      }
    });
  }

  test('does not hold up Ctrl-C of sub', () =>
    withPipe(async (path) => {
      const args = ['--output', 'arrow', '--force', '-o', path];
      const payload = tableToIPC(flights(), 'stream');
      const begun = async (sub: Cli) => {
        // What is in the pipe says that a write has begun.
        await until('it is full', () => sub.child.exitCode !== null || inPipe(path) > 0);
      };
      const { code, stderr, summary } = await interrupted(args, payload, begun);
      expect(stderr).toContain('"code":"GIVEN_UP","message":"given up: the rest of the output, which nobody reads: ');
      expect([code, summary]).toEqual([130, expect.objectContaining({ unwritten: 1, interrupted: true })]);
    }));

  test('does not hold up Ctrl-C of record', () =>
    withPipe(async (path) => {
      const port = await freePort();
      const session = await Session.open(listening(port));
      try {
        await Cli.with(['record', '-k', 'test', '--json', '--force', ...connect(port), path], async (record) => {
          await record.ready();
          await matched(session, 'test');
          await session.put('test', Buffer.alloc(2 ** 23, 1), BLOCK);
          await until('it is full', () => inPipe(path) >= 2 ** 15);
          record.interrupt();
          const { code, stderr } = await record.ended();
          expect([code, stderr]).toEqual([130, expect.stringContaining('"code":"GIVEN_UP"')]);
        });
      } finally {
        await session.close();
      }
    }));

  test('gets everything when it is read', () =>
    withPipe(async (path) => {
      const payload = tableToIPC(flights(), 'stream');
      const cat = spawn('cat', [path]);
      let bytes = 0;
      cat.stdout.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
      });
      const args = ['--output', 'csv', '--force', '-o', path];
      const { code, summary } = await interrupted(args, payload, () => until('it flows', () => bytes > 100_000));
      expect([code, summary]).toEqual([130, expect.objectContaining({ unwritten: 0, rows: flights().numRows })]);
      cat.kill();
    }));
});

/** Bytes that wait in a pipe. */
function inPipe(path: string): number {
  const script =
    'import sys, os, fcntl, termios, struct; f = os.open(sys.argv[1], os.O_RDONLY | os.O_NONBLOCK); ' +
    'print(struct.unpack("i", fcntl.ioctl(f, termios.FIONREAD, b"0000"))[0])';
  return Number(spawnSync('python3', ['-c', script, path]).stdout.toString());
}
