// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { CongestionControl, FifoChannel, Priority, type Sample, SampleKind, Session } from '@zenoh-segments/core';
import { tableToIPC } from 'apache-arrow';
import { matched } from '../support/matched.js';
import { seededBytes } from '../support/seeded-bytes.js';
import { freePort, listening } from '../support/sessions.js';
import { Cli, connect } from './cli.js';
import { mixed, withFolder } from './data.js';
import { type Written, writeMcap } from './mcap.js';
import { MESSAGES, played } from './played.js';

const told = (samples: readonly Sample[]) => samples.map((each) => `${each.keyexpr()} ${each.payload()}`);

describe('what record wrote', () => {
  test('comes back with its bytes, encodings, attachments, priorities and deletions, in order', () =>
    withFolder(async (folder) => {
      const path = `${folder}/run.mcap`;
      const port = await freePort();
      const stream = tableToIPC(mixed(0, 50), 'stream');
      const large = seededBytes(3, 3_000_000);
      const session = await Session.open(listening(port));
      try {
        const args = [
          'record',
          '-k',
          'test/**',
          '--json',
          '--count',
          '6',
          '--compression',
          'zstd',
          ...connect(port),
          path,
        ];
        await Cli.with(args, async (cli) => {
          await cli.ready();
          await matched(session, 'test/a');
          await session.put('test/a', stream, { encoding: 'application/vnd.apache.arrow.stream' });
          await session.put('test/b', '1', { encoding: 'text/json;v=1', attachment: Uint8Array.of(1, 0, 255) });
          const { BLOCK: congestionControl } = CongestionControl;
          await session.put('test/c', large, { attachment: new Uint8Array(0), congestionControl });
          await session.delete('test/b', { attachment: 'gone', congestionControl });
          await session.put('test/b', new Uint8Array(0), { encoding: 'my own;kind', congestionControl });
          // Nothing overtakes it, and it overtakes nothing: all others are there.
          await session.put('test/d', 'slow', { priority: Priority.BACKGROUND, congestionControl });
          expect((await cli.ended()).code).toBe(0);
        });
      } finally {
        await session.close();
      }
      const { code, summary, samples } = await played(['--speed', '0', path]);
      expect(code).toBe(0);
      expect(summary).toMatchObject({ samples: 6, skipped: 0, keys: 4 });
      const found = samples.map((sample) => [
        sample.keyexpr().toString(),
        sample.kind() === SampleKind.DELETE ? 'delete' : sample.encoding().toString(),
        sample.attachment()?.toBytes(),
        sample.priority(),
      ]);
      const [data] = [Priority.DATA];
      expect(found).toEqual([
        ['test/a', 'application/vnd.apache.arrow.stream', undefined, data],
        ['test/b', 'text/json;v=1', Uint8Array.of(1, 0, 255), data],
        ['test/c', 'zenoh/bytes', new Uint8Array(0), data],
        ['test/b', 'delete', new Uint8Array(Buffer.from('gone')), data],
        ['test/b', 'my own;kind', undefined, data],
        ['test/d', 'zenoh/bytes', undefined, Priority.BACKGROUND],
      ]);
      const payloads = samples.map((sample) => Buffer.from(sample.payload().toBytes()));
      expect(payloads[0]?.equals(stream)).toBe(true);
      expect(payloads[2]?.equals(large)).toBe(true);
      expect([payloads[1]?.toString(), payloads[4]?.byteLength, payloads[5]?.toString()]).toEqual(['1', 0, 'slow']);
    }));
});

describe('a file of another tool', () => {
  test('is played in the order of its times, though its chunks overlap; topics lose their slash', () =>
    withFolder(async (folder) => {
      const messages = [4, 0, 3, 1, 2].map((i) => ({ ...(MESSAGES[i] as Written), topic: `/${MESSAGES[i]?.topic}` }));
      const path = await writeMcap(`${folder}/ros.mcap`, messages, { chunkSize: 1 });
      const { code, samples } = await played(['--speed', '0', path]);
      expect(code).toBe(0);
      expect(told(samples)).toEqual(['even "0"', 'odd/one "1"', 'even "2"', 'odd/one "3"', 'even "4"']);
      expect(samples[0]?.encoding().toString()).toBe('application/json');
    }));

  test('without chunks and without an index is played in its own order', () =>
    withFolder(async (folder) => {
      const path = await writeMcap(`${folder}/plain.mcap`, MESSAGES, { useChunks: false, useChunkIndex: false });
      const { code, samples } = await played(['--speed', '0', '--start', '0.5', '--end', '1.5', path]);
      expect(code).toBe(0);
      expect(told(samples)).toEqual(['odd/one "1"', 'even "2"', 'odd/one "3"']);
    }));

  test('with topics that are no keys: they are told and skipped, with code 1', () =>
    withFolder(async (folder) => {
      const topics = ['ok', 'a//b', 'x/*', 'evil\u001b[2J?', 'ok'];
      const messages = topics.map((topic, i) => ({ topic, time: i, data: String(i) }));
      const path = await writeMcap(`${folder}/topics.mcap`, messages);
      const { code, stderr, summary, samples } = await played(['--speed', '0', path]);
      expect(stderr).toContain("skipping topic 'evil\\u001b[2J?': it is no key");
      expect(stderr).not.toContain('\u001b');
      expect([code, told(samples)]).toEqual([1, ['ok 0', 'ok 4']]);
      expect(summary).toMatchObject({ samples: 2, skipped: 3 });
    }));
});

describe('what is played, and when', () => {
  const play = (...args: string[]) =>
    withFolder(async (folder) => played([...args, await writeMcap(`${folder}/run.mcap`, MESSAGES, { chunkSize: 20 })]));

  test.each<[string, string[], number[]]>([
    ['--start and --end in seconds', ['--start', '0.5', '--end', '1.75'], [1, 2, 3]],
    ['--start as a time', ['--start', '1970-01-01T00:00:02.5Z'], [3, 4]],
    ['--count', ['--count', '2'], [0, 1]],
    ['--loop', ['--loop', '2'], [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]],
    ['--loop until --count', ['--loop', '--count', '7'], [0, 1, 2, 3, 4, 0, 1]],
    ['a range with nothing in it', ['--loop', '--start', '100'], []],
  ])('%s', async (_, args, expected) => {
    const { code, samples } = await play('--speed', '0', ...args);
    expect([code, samples.map((sample) => Number(JSON.parse(sample.payload().toString())))]).toEqual([0, expected]);
  });

  test('keys can be renamed and put below another', async () => {
    const { samples } = await play(
      '--speed',
      '0',
      '--count',
      '2',
      '--rename',
      'odd=strange/very',
      '--key-prefix',
      'again',
    );
    expect(told(samples)).toEqual(['again/even "0"', 'again/strange/very/one "1"']);
  });

  test('options that fit nothing are told', async () => {
    const { code, stderr, summary } = await play('--speed', '0', '--start', '100', '--rename', 'zzz=a');
    expect([code, summary]).toEqual([0, expect.objectContaining({ samples: 0, keys: 0 })]);
    expect(stderr).toContain('"code":"NO_DATA","message":"no sample of the file is between --start and --end"');
    expect(stderr).toContain(`"code":"NO_KEY","message":"--rename zzz=a: no key of the file starts with 'zzz'"`);
  });

  test('options that fit are not, and keys are those that were played on', async () => {
    const { stderr, summary } = await play('--speed', '0', '--count', '1', '--rename', 'odd=even', '--end', '100');
    expect(stderr).not.toContain('"event":"warning"');
    expect(summary).toMatchObject({ samples: 1, keys: 1 });
  });

  test('times are kept, and --speed scales them', async () => {
    const port = await freePort();
    const session = await Session.open(listening(port));
    try {
      const subscriber = await session.declareSubscriber('**', { handler: new FifoChannel<Sample>(16) });
      const took = await withFolder(async (folder) => {
        const path = await writeMcap(`${folder}/run.mcap`, MESSAGES);
        const start = performance.now();
        return Cli.with(['replay', '--wait-matching', '--speed', '0.5', ...connect(port), path], async (cli) => {
          let seen = 0;
          for await (const sample of subscriber) {
            sample[Symbol.dispose]();
            if (++seen === MESSAGES.length) break;
          }
          const took = performance.now() - start;
          expect((await cli.ended()).code).toBe(0);
          return took;
        });
      });
      // 2 s at half the speed, from before the start: whatever is late only adds to it.
      expect(took).toBeGreaterThan(3990);
    } finally {
      await session.close();
    }
  });

  test('Ctrl-C ends it in a wait', () =>
    withFolder(async (folder) => {
      const messages = [0, 3_600_000].map((time) => ({ topic: 'a', time, data: '1' }));
      const path = await writeMcap(`${folder}/run.mcap`, messages);
      const { code, summary } = await played([path], async (cli) => {
        await cli.ready();
        cli.interrupt();
      });
      expect(code).toBe(130);
      expect(summary).toMatchObject({ interrupted: true });
    }));

  test('--duration ends it, with code 124 when nothing was played', () =>
    withFolder(async (folder) => {
      const messages = [0, 3_600_000].map((time) => ({ topic: 'a', time, data: '1' }));
      const path = await writeMcap(`${folder}/run.mcap`, messages);
      expect(await played(['--duration', '1', path])).toMatchObject({ code: 0, summary: { samples: 1 } });
    }));
});
