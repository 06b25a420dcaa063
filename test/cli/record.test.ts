// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { CongestionControl, Priority, Session, Timestamp, ZenohId } from '@zenoh-segments/core';
import { tableToIPC } from 'apache-arrow';
import { matched } from '../support/matched.js';
import { peerTest } from '../support/peers.js';
import { seededBytes } from '../support/seeded-bytes.js';
import { freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import { Cli, connect, type Ended } from './cli.js';
import { mixed, withFolder, write } from './data.js';
import { readByPython, readMcap } from './mcap.js';

interface Recording {
  readonly session: Session;
  readonly cli: Cli;
}

/** A `record` of `test/**` that is ready, and a session whose puts reach it. */
async function recording<T>(
  args: readonly string[],
  run: (recording: Recording) => Promise<T>,
  wrapper: readonly string[] = [],
): Promise<T> {
  const port = await freePort();
  const session = await Session.open(listening(port));
  try {
    const whole = ['record', '-k', 'test/**', '--json', ...connect(port), ...args];
    return await Cli.with(
      whole,
      async (cli) => {
        await cli.ready();
        await matched(session, 'test/a');
        return run({ session, cli });
      },
      wrapper,
    );
  } finally {
    await session.close();
  }
}

/** zenoh would drop what comes faster than it is taken. */
const BLOCK = { congestionControl: CongestionControl.BLOCK };
const ARROW = 'application/vnd.apache.arrow.stream';
const stream = tableToIPC(mixed(0, 50), 'stream');
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const text = (characters: string) => hex(Buffer.from(characters));

describe('every sample', () => {
  peerTest('python', 'is in the file, as the standard reader in Python reads it', () =>
    withFolder(async (folder) => {
      const path = `${folder}/run.mcap`;
      await recording([path, '--count', '6'], async ({ session, cli }) => {
        // The first: with this priority it would overtake others.
        await session.put('test/b', 'raw', { priority: Priority.REAL_TIME, express: true });
        // 2026-01-01T00:00:00.5Z
        const timestamp = new Timestamp(ZenohId.fromString('33'), (1_767_225_600n << 32n) + (1n << 31n));
        await session.put('test/a', stream, { encoding: ARROW, timestamp });
        await session.put('test/b', '{"x":1}', { encoding: 'application/json;v1', attachment: 'kept' });
        await session.put('test/a', new Uint8Array(0), { encoding: ARROW });
        await session.delete('test/b', { attachment: Uint8Array.of(0, 255) });
        await session.put('test/b', '{"x":2}', { encoding: 'application/json;v1' });
        const { code, summary } = await cli.ended();
        expect(code).toBe(0);
        expect(summary).toMatchObject({ samples: 6, arrow: 2, deletions: 1, attachments: 2, keys: 2, messages: 8 });
        expect(summary).toMatchObject({ fileBytes: statSync(path).size, interrupted: false });
      });
      const { messages, chunks } = readByPython(path);
      expect(chunks).toEqual(['']);
      const attachment = ['test/b#attachment', 'application/octet-stream', { 'zenoh.role': 'attachment' }];
      const bytes = { 'zenoh.encoding': 'zenoh/bytes' };
      const arrow = ['test/a', ARROW, { 'zenoh.encoding': ARROW }];
      const json = ['test/b', 'json', { 'zenoh.encoding': 'application/json;v1' }];
      const found = messages.map((m) => [m.topic, m.encoding, m.metadata, m.sequence, m.hex]);
      expect(found).toEqual([
        ['test/b', 'zenoh/bytes', { ...bytes, 'zenoh.priority': '1', 'zenoh.express': 'true' }, 0, text('raw')],
        [...arrow, 1, hex(stream)],
        [...attachment, 2, text('kept')],
        [...json, 2, text('{"x":1}')],
        [...arrow, 3, ''],
        [...attachment, 4, '00ff'],
        ['test/b', 'zenoh/bytes', { ...bytes, 'zenoh.kind': 'delete' }, 4, ''],
        [...json, 5, text('{"x":2}')],
      ]);
      expect(messages[1]?.publishTime).toBe('1767225600500000000');
      for (const { logTime, publishTime } of messages.slice(2)) expect(publishTime).toBe(logTime);
      // An attachment has the time of its sample; all others are later than those before.
      const times = messages
        .filter(({ metadata }) => metadata['zenoh.role'] === undefined)
        .map((m) => BigInt(m.logTime));
      expect(times.every((time, i) => i === 0 || time > (times[i - 1] as bigint))).toBe(true);
      expect(messages[2]?.logTime).toBe(messages[3]?.logTime);
    }),
  );

  for (const compression of ['none', 'lz4', 'zstd']) {
    peerTest('python', `of 4 MB, in chunks compressed with ${compression}, is what was sent`, () =>
      withFolder(async (folder) => {
        const path = `${folder}/run.mcap`;
        const payloads = Array.from({ length: 5 }, (_, i) => seededBytes(i, 800_000).fill(7, 0, 500_000));
        await recording([path, '--count', '5', '--compression', compression], async ({ session, cli }) => {
          for (const payload of payloads) await session.put('test/a', payload, BLOCK);
          expect(await cli.ended()).toMatchObject({ code: 0, summary: { samples: 5, arrow: 0 } });
        });
        const { messages, chunks } = readByPython(path);
        expect(new Set(chunks)).toEqual(new Set([compression === 'none' ? '' : compression]));
        expect(chunks.length).toBeGreaterThan(1);
        expect(messages.map(({ hex }) => hex).join() === payloads.map(hex).join()).toBe(true);
        if (compression !== 'none') expect(statSync(path).size).toBeLessThan(3_000_000);
      }),
    );
  }
});

test('several keys are recorded, and a sample of two of them once', () =>
  withFolder(async (folder) => {
    const path = `${folder}/run.mcap`;
    await recording([path, '-k', 'other', '-k', '*/a', '--count', '4'], async ({ session, cli }) => {
      for (const key of ['other', 'else/a']) await matched(session, key);
      for (const key of ['test/a', 'test/b', 'else/a', 'other']) await session.put(key, key, BLOCK);
      expect(await cli.ended()).toMatchObject({ code: 0, summary: { samples: 4, keys: 4 } });
    });
    const topics = (await readMcap(path)).map(({ channel }) => channel.topic);
    expect(topics.sort()).toEqual(['else/a', 'other', 'test/a', 'test/b']);
  }));

describe('the end', () => {
  test('by Ctrl-C completes the file', () =>
    withFolder(async (folder) => {
      const path = `${folder}/run.mcap`;
      await recording([path], async ({ session, cli }) => {
        await session.put('test/a', 'one');
        await until('it is in the file', () => statSync(path).size > 100);
        cli.interrupt();
        expect(await cli.ended()).toMatchObject({ code: 130, summary: { samples: 1, interrupted: true } });
      });
      const [only, ...more] = await readMcap(path);
      expect([Buffer.from(only?.message.data ?? []).toString(), only?.channel.topic, more]).toEqual([
        'one',
        'test/a',
        [],
      ]);
    }));

  test('by --max-bytes comes when the file is that large', () =>
    withFolder(async (folder) => {
      const path = `${folder}/run.mcap`;
      await recording([path, '--max-bytes', '300k'], async ({ session, cli }) => {
        // It ends before the last has come, and its connection with it.
        for (let i = 0; i < 5; i++) await session.put('test/a', new Uint8Array(100_000), BLOCK).catch(() => {});
        expect(await cli.ended()).toMatchObject({ code: 0, summary: { samples: 3 } });
      });
      expect(await readMcap(path)).toHaveLength(3);
    }));

  test('by --duration has code 124 when nothing came, and leaves an empty file that is whole', () =>
    withFolder(async (folder) => {
      const path = `${folder}/run.mcap`;
      const args = ['record', '-k', 'a', '--json', '--duration', '0.2', ...connect(await freePort()), path];
      expect(await Cli.run(args)).toMatchObject({ code: 124, summary: { samples: 0, interrupted: false } });
      expect(await readMcap(path)).toEqual([]);
    }));

  test('by SIGKILL leaves what came until a second before, for replay', () =>
    withFolder(async (folder) => {
      const path = `${folder}/run.mcap`;
      await recording([path], async ({ session, cli }) => {
        for (let i = 0; i < 3; i++) await session.put('test/a', `sample ${i}`);
        await until('they are in the file', () => readFileSync(path).includes('sample 2'));
        cli.child.kill('SIGKILL');
        expect((await cli.ended()).code).toBeNull();
      });
      const port = await freePort();
      const { code, stderr, summary } = await Cli.run(['replay', '--json', '--speed', '0', ...connect(port), path]);
      expect(stderr).toContain('"code":"MCAP_TRUNCATED"');
      expect([code, summary?.samples]).toEqual([1, 3]);
    }));
});

describe('a file', () => {
  test('that is there is kept, unless --force is given', () =>
    withFolder(async (folder) => {
      const path = write(folder, 'run.mcap', 'precious');
      const refused = await Cli.run(['record', '-k', 'a', path]);
      expect(refused.stderr).toContain(`OUTPUT: '${path}' is there already: --force overwrites it`);
      expect([refused.code, readFileSync(path, 'utf8')]).toEqual([1, 'precious']);
      await recording([path, '--force', '--count', '1'], async ({ session, cli }) => {
        await session.put('test/a', 'new');
        expect((await cli.ended()).code).toBe(0);
      });
      expect(await readMcap(path)).toHaveLength(1);
    }));

  test('that can not be made is an error, and so is a key that is none', async () => {
    const { code, stderr } = await Cli.run(['record', '-k', 'a', '/nowhere/run.mcap']);
    expect([code, stderr]).toEqual([1, expect.stringContaining("OUTPUT: can't write '/nowhere/run.mcap': ENOENT")]);
    const wrong = await Cli.run(['record', '-k', 'a//b', '/nowhere/run.mcap']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("'a//b' is no key expression")]);
  });
});

describe('a full disk', () => {
  const full = (ended: Ended) => {
    expect(ended.stderr).toContain('"code":"OUTPUT"');
    expect(ended.stderr).toContain('ENOSPC: the disk is full');
    expect(ended.code).toBe(1);
  };

  (existsSync('/dev/full') ? test : test.skip)('from the start is a typed error', async () => {
    full(await Cli.run(['record', '-k', 'a', '--json', '--force', ...connect(await freePort()), '/dev/full']));
  });

  // A file system of 4 MB, seen by that process alone; what it left is copied out in the end.
  const small = [
    'unshare',
    '-m',
    'sh',
    '-c',
    'mount -t tmpfs -o size=4m none "$0" || exit 99; "$@"; c=$?; cp "$0"/* "$0.out"; exit $c',
  ];
  const may = spawnSync('unshare', ['-m', 'true']).status === 0;

  (may ? test : test.skip)('later is one too, and what fitted is in a complete file', () =>
    withFolder(async (folder) => {
      const disk = `${folder}/disk`;
      mkdirSync(disk);
      const path = `${disk}/run.mcap`;
      await recording(
        [path],
        async ({ session, cli }) => {
          // Those after the end go nowhere.
          const puts = Promise.allSettled(
            Array.from({ length: 20 }, () => session.put('test/a', new Uint8Array(400_000), BLOCK)),
          );
          const ended = await cli.ended();
          await puts;
          full(ended);
          expect(ended.summary?.messages).toBeGreaterThan(5);
          expect(await readMcap(`${disk}.out`)).toHaveLength(ended.summary?.messages as number);
        },
        [...small, disk],
      );
    }),
  );
});
