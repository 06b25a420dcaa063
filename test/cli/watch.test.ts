// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { declareTablePublisher, encodeBatch } from '@zenoh-segments/arrow';
import { CongestionControl, Session, SourceInfo } from '@zenoh-segments/core';
import { type RecordBatch, tableFromArrays, tableToIPC } from 'apache-arrow';
import { matched } from '../support/matched.js';
import { freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import { Cli, connect } from './cli.js';
import { mixed } from './data.js';

type Facts = Readonly<Record<string, unknown>>;

/** What a verb told on standard output so far, as JSON. */
function told(cli: Cli): Facts[] {
  const lines = cli.stdout.toString().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Facts);
}

/** The last that was told of a key. */
function latest(cli: Cli, key: string): Facts | undefined {
  return told(cli).findLast((facts) => facts.key === key);
}

/** A session, and a verb that listens to it on `test/**`, ready for samples. */
async function withVerb<T>(args: readonly string[], run: (session: Session, cli: Cli) => Promise<T>): Promise<T> {
  const port = await freePort();
  const session = await Session.open(listening(port));
  try {
    return await Cli.with([...args, '--json', ...connect(port)], async (cli) => {
      await cli.ready();
      await matched(session, 'test/a');
      return run(session, cli);
    });
  } finally {
    await session.close();
  }
}

function batch(columns: Record<string, Int32Array | Float64Array>): RecordBatch {
  return tableFromArrays(columns).batches[0] as RecordBatch;
}

const NUMBERS = batch({ n: Int32Array.of(1, 2, 3) });

describe('info', () => {
  test('tells of each key what came, and goes on until Ctrl-C', () =>
    withVerb(['info', 'test/**', '--follow'], async (session, info) => {
      const source = session.id();
      for (const sn of [0, 1, 4]) {
        const options = { encoding: 'application/vnd.apache.arrow.stream', sourceInfo: new SourceInfo(source, sn) };
        await session.put('test/a', encodeBatch(NUMBERS), options);
      }
      await session.put('test/a', encodeBatch(batch({ x: Float64Array.of(1) })));
      await session.put('test/a', 'no Arrow, \u001b[2J', { encoding: 'text/plain' });
      await session.delete('test/a');
      await session.put('test/b', tableToIPC(mixed(1, 8), 'stream'));
      await until('all came', () => latest(info, 'test/b')?.samples === 1 && latest(info, 'test/a')?.deletions === 1);
      info.interrupt();
      const { code, summary } = await info.ended();
      expect(code).toBe(130);
      expect(summary).toMatchObject({ keys: 2, samples: 6, interrupted: true });
      expect(latest(info, 'test/a')).toMatchObject({
        event: 'key',
        samples: 5,
        rows: 10,
        shmShare: 0,
        deletions: 1,
        encodings: { 'application/vnd.apache.arrow.stream': 3, 'zenoh/bytes': 1, 'text/plain': 1 },
        schemas: [
          {
            columnCount: 1,
            columns: ['n: int32 not null'],
            samples: 3,
            fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
          },
          { columnCount: 1, columns: ['x: double not null'], samples: 1 },
        ],
        skipped: { ARROW_ENCODING: 1 },
        sources: [source.toString()],
        missing: 2,
      });
      expect(latest(info, 'test/b')).toMatchObject({ samples: 1, rows: 8, schemas: [{ columnCount: 6 }] });
      const network = told(info).at(-1);
      expect(network).toMatchObject({ event: 'network', nodes: [{ zid: session.zid().toString(), whatami: 'peer' }] });
    }));

  test('opens bare batches, and lists publishers that announce themselves', () =>
    withVerb(['info', 'test/**', '--follow'], async (session, info) => {
      const announced = await session.declareAdvancedPublisher('test/known', {
        publisherDetection: true,
        sampleMissDetection: {},
      });
      const publisher = await declareTablePublisher(session, 'test/bare', NUMBERS.schema, { mode: 'schema-ref' });
      await publisher.put(NUMBERS);
      await until('it came', () => latest(info, 'test/bare')?.rows === 3);
      info.interrupt();
      expect((await info.ended()).code).toBe(130);
      expect(latest(info, 'test/bare')).toMatchObject({ schemas: [{ columns: ['n: int32 not null'] }], skipped: {} });
      expect(told(info).at(-1)).toMatchObject({
        event: 'network',
        publishers: [{ key: 'test/known', source: announced.id().toString() }],
      });
    }));

  test('keeps a bounded number of keys, and shows no control character of theirs', () =>
    withVerb(['info', 'test/**', '--follow'], async (session, info) => {
      const qos = { congestionControl: CongestionControl.BLOCK };
      for (let i = 0; i < 1010; i++) await session.put(`test/\u001b[2J/${i}`, encodeBatch(NUMBERS), qos);
      await until('all came', () => told(info).length >= 1000);
      info.interrupt();
      const { code, summary, stdout, stderr } = await info.ended();
      expect(code).toBe(130);
      expect(summary).toMatchObject({ keys: 1000, samples: 1010, otherSamples: 10 });
      expect(stderr).toContain('"code":"TOO_MANY_KEYS","message":"more than 1000 keys: 10 samples of other keys');
      expect(stdout.includes('\u001b')).toBe(false);
    }));

  test('ends with 124 when nothing came', async () => {
    const { code, stdout, stderr } = await Cli.run(['info', 'a', '--duration', '0.1', ...connect(await freePort())]);
    expect(code).toBe(124);
    expect(stderr).toContain("zenoh-arrow info: nothing came on 'a' within 0.1 s");
    expect(stdout.toString()).toMatch(/^this node [0-9a-f]+, connected to 0 nodes\n$/);
  });

  test('tells people the same', async () => {
    const port = await freePort();
    const session = await Session.open(listening(port));
    try {
      await Cli.with(['info', '-k', 'test/**', '--follow', ...connect(port)], async (info) => {
        await until('it listens', () => info.stderr.includes('listening'));
        await matched(session, 'test/a');
        await session.put('test/a', encodeBatch(NUMBERS), { encoding: 'application/vnd.apache.arrow.stream' });
        await until('it came', () => info.stdout.includes('3 rows'));
        info.interrupt();
        const { code, stdout } = await info.ended();
        expect(stdout.toString()).toMatch(
          new RegExp(
            '\ntest/a\n  1 sample \\([\\d.]+/s\\), 3 rows \\([\\d.]+/s\\), [\\d.]+ B \\([\\d.]+ B/s\\), 0 % by shared memory\n' +
              '  encoding application/vnd\\.apache\\.arrow\\.stream\n  schema [0-9a-f]{32}, 1 column\n    n: int32 not null\n' +
              `this node [0-9a-f]+, connected to 1 node\n  peer ${session.zid()}, shared memory\n$`,
          ),
        );
        expect(code).toBe(130);
      });
    } finally {
      await session.close();
    }
  });
});

describe('hz', () => {
  test('tells rate, intervals and gaps every second, of any payload', () =>
    withVerb(['hz', 'test/**', '--window', '60'], async (session, hz) => {
      const source = session.id();
      for (let sn = 0; sn < 20; sn++) {
        if (sn !== 7) await session.put('test/a', 'any', { sourceInfo: new SourceInfo(source, sn) });
      }
      await session.put('test/once', 'any');
      await until('all came', () => latest(hz, 'test/once') !== undefined && latest(hz, 'test/a')?.total === 19);
      hz.interrupt();
      const { code, summary } = await hz.ended();
      expect(code).toBe(130);
      expect(summary).toMatchObject({ keys: 2, samples: 20, interrupted: true });
      const facts = latest(hz, 'test/a') as Facts;
      expect(facts).toMatchObject({ event: 'rate', samples: 19, shmShare: 0, sources: 1, missing: 1 });
      expect(facts.samplesPerSecond).toBeGreaterThan(0);
      const { min, p50, p99, max } = facts.intervalMs as Record<string, number>;
      expect([min, p50, p99, max]).toEqual([min, p50, p99, max].toSorted((a, b) => Number(a) - Number(b)));
      expect(latest(hz, 'test/once')).toMatchObject({ samples: 1, samplesPerSecond: 0 });
      expect(latest(hz, 'test/once')?.intervalMs).toBeUndefined();
    }));

  test('ends with its reader', () =>
    withVerb(['hz', 'test/**'], async (session, hz) => {
      await session.put('test/a', 'any');
      hz.child.stdout.once('data', () => hz.child.stdout.destroy());
      const { code, stderr } = await hz.ended();
      expect(code).toBe(0);
      expect(stderr).not.toContain('error');
    }));
});

describe('wrong usage ends with code 2 and says what is wrong', () => {
  test.each([
    [['info'], 'USAGE: a key expression is needed'],
    [['info', 'a', '-k', 'b'], "USAGE: give the key once: either 'a' or --key 'b'"],
    [['hz', 'a//b'], "USAGE: 'a//b' is no key expression: "],
    [['hz', 'a', '--mode', 'boss'], 'Allowed choices are peer, client, router.'],
    [['hz', 'a', '--window', '0.5'], 'It must be a whole number from 1.'],
    [['infp', 'a'], '(Did you mean info?)'],
  ])('%j', async (args, text) => {
    const { code, stderr } = await Cli.run(args);
    expect(stderr).toContain(text);
    expect(code).toBe(2);
  });
});
