// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { decodeBatches, loadCompression, subscribeTable } from '@zenoh-segments/arrow';
import { Session, ZBytes } from '@zenoh-segments/core';
import { freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import { Cli, connect } from './cli.js';
import { dataset, flights, withFolder, write } from './data.js';
import { type Published, published, type Received, rowsOf, withReceiver } from './published.js';

const CSV = 'n,t\n1,0.0\n2,0.2\n3,0.5\n';
const BY_ROW = ['--batch-rows', '1'];

describe('the end', () => {
  test('--loop, --count: as often as asked for', () =>
    withFolder(async (folder) => {
      const path = write(folder, 'a.csv', CSV);
      const loops = await published([path, '--loop', '3']);
      expect(loops.pub.summary).toMatchObject({ batches: 3, rows: 9 });
      const counted = await published([path, ...BY_ROW, '--count', '5', '--loop']);
      expect(rowsOf(counted.samples).map(({ n }) => n)).toEqual([1, 2, 3, 1, 2]);
      expect(counted.pub).toMatchObject({ code: 0, summary: { batches: 5, interrupted: false } });
    }));

  test('--duration: ends an endless loop, with code 0', async () => {
    const { pub, samples } = await published([
      dataset('flights-200k.arrow'),
      '--rate',
      '20',
      '--duration',
      '0.5',
      '--loop',
    ]);
    expect(pub).toMatchObject({ code: 0, summary: { interrupted: false } });
    expect(pub.summary?.batches).toBe(samples.length);
    expect(samples.length).toBeGreaterThan(0);
  });

  test('--duration: ends a wait for standard input that brings nothing, with code 124', () =>
    withReceiver((connection) =>
      Cli.with(['pub', '-k', 'test', ...connection, '--duration', '0.2', '--format', 'csv'], async (pub) => {
        expect(await pub.ended()).toMatchObject({ code: 124 });
      }),
    ));

  test('Ctrl-C: ends a wait for the time of the next batch, with code 130', () =>
    withReceiver((connection, samples) =>
      Cli.with(
        ['pub', '-k', 'test', '--json', ...connection, ...BY_ROW, '--time-column', 't', '--speed', '0.001', '-'],
        async (pub) => {
          pub.child.stdin.end(CSV);
          await until('the first came', () => samples.length > 0);
          pub.interrupt();
          expect(await pub.ended()).toMatchObject({ code: 130, summary: { batches: 1, interrupted: true } });
        },
      ),
    ));

  test('Ctrl-C: ends reading Parquet', () =>
    withReceiver((connection, samples) => {
      const args = ['--columns', 'delay', '--batch-rows', '100', dataset('flights-3m.parquet')];
      return Cli.with(['pub', '-k', 'test', '--json', ...connection, ...args], async (pub) => {
        await until('the first came', () => samples.length > 0);
        pub.interrupt();
        expect(await pub.ended()).toMatchObject({ code: 130, summary: { interrupted: true } });
      });
    }));
});

/** From the first message on, by the publisher's own clock: how late anything is says nothing, how early does. */
function secondsOf({ pub }: Published): number {
  return (pub.summary as { readonly seconds?: number } | undefined)?.seconds ?? 0;
}

/** Timers and clocks may be off by a millisecond or two. */
const ROUNDING = 0.005;

describe('the pace', () => {
  test.each([
    ['seconds', [], CSV, 0.5],
    ['milliseconds, twice as fast', ['--time-unit', 'ms', '--speed', '2'], 'n,t\n1,1000\n2,1600\n', 0.3],
    ['timestamps', ['--schema', 't:timestamp'], 'n,t\n1,2024-01-01 00:00:00Z\n2,2024-01-01 00:00:00.3Z\n', 0.3],
    ['texts', [], 'n,t\n1,2024-01-01T00:00:00.000Z\n2,2024-01-01T00:00:00.300Z\n', 0.3],
    ['anything, as fast as possible', ['--speed', '0'], 'n,t\n1,0\n2,1000000\n', 0],
    ['the past, and nulls', [], 'n,t\n1,1000000\n2,0\n3,\n', 0],
  ])('--time-column: no batch goes before its time, in %s', async (_, args, stdin, seconds) => {
    const all = await published([...BY_ROW, '--time-column', 't', ...args], stdin);
    expect(all.pub.code).toBe(0);
    expect(all.samples).toHaveLength(stdin.split('\n').length - 2);
    expect(secondsOf(all)).toBeGreaterThan(seconds - ROUNDING);
  });

  test.each([
    ['ms', '1700000000000', '1700000000300', 'milliseconds'],
    ['us', '1700000000000000', '1700000000300000', 'microseconds'],
    ['ns', '1700000000000000000', '1700000000300000000', 'nanoseconds'],
  ])(
    '--time-column: numbers that are times of these days in %s are taken as such, which is told',
    async (unit, from, to, name) => {
      const all = await published([...BY_ROW, '--time-column', 't'], `n,t\n1,${from}\n2,${to}\n`);
      expect(all.samples).toHaveLength(2);
      expect(secondsOf(all)).toBeGreaterThan(0.3 - ROUNDING);
      expect(all.pub.stderr.split('"code":"TIME_UNIT"')).toHaveLength(2);
      expect(all.pub.stderr).toContain(`taken as ${name} since 1970: --time-unit ${unit} says so`);
    },
  );

  test('--time-column: nothing is told of seconds, or of a unit that is given', async () => {
    const seconds = await published([...BY_ROW, '--time-column', 't'], 'n,t\n1,1700000000\n2,1700000000\n');
    const given = await published([...BY_ROW, '--time-column', 't', '--time-unit', 'us'], 'n,t\n1,1700000000000\n');
    expect(seconds.samples.length + given.samples.length).toBe(3);
    expect(seconds.pub.stderr + given.pub.stderr).not.toContain('warning');
  });

  test.each([
    ['batches', '20', 0.1],
    ['rows', '40rows/s', 0.1],
  ])('--rate of %s spreads them', async (_, rate, seconds) => {
    const all = await published(['--batch-rows', '2', '--rate', rate], 'n\n1\n2\n3\n4\n5\n6\n');
    expect(all.samples).toHaveLength(3);
    expect(secondsOf(all)).toBeGreaterThan(seconds - ROUNDING);
  });
});

test('--wait-matching: nothing goes before somebody subscribes', async () => {
  const port = await freePort();
  const session = await Session.open(listening(port));
  try {
    await Cli.with(['pub', '-k', 'test', '--json', ...connect(port), '--wait-matching', '-'], async (pub) => {
      pub.child.stdin.end(CSV);
      await pub.ready();
      expect(pub.child.exitCode).toBeNull();
      let rows = 0;
      await session.declareSubscriber('test', {
        handler: (sample) => {
          rows += decodeBatches(sample.payload())[0]?.numRows ?? 0;
        },
      });
      expect(await pub.ended()).toMatchObject({ code: 0, summary: { batches: 1 } });
      await until('the batch came', () => rows === 3);
    });
  } finally {
    await session.close();
  }
});

test('--wait-matching: Ctrl-C ends the wait', async () => {
  const args = [
    'pub',
    '-k',
    'test',
    '--json',
    ...connect(await freePort()),
    '--wait-matching',
    dataset('zipcodes.csv'),
  ];
  await Cli.with(args, async (pub) => {
    await pub.ready();
    pub.interrupt();
    expect(await pub.ended()).toMatchObject({ code: 130, summary: { batches: 0, interrupted: true } });
  });
});

test('--attach goes with every message', async () => {
  const { samples } = await published([...BY_ROW, '--attach', 'from a test'], CSV);
  expect(samples.map(({ attachment }) => attachment)).toEqual(['from a test', 'from a test', 'from a test']);
});

test.each(['lz4', 'zstd'])('--compress %s: the values arrive, in fewer bytes', async (codec) => {
  await loadCompression();
  const { pub, samples } = await published(['--compress', codec, dataset('flights-200k.arrow')]);
  expect(pub.code).toBe(0);
  const [batch] = decodeBatches(new ZBytes((samples[0] as Received).bytes));
  const expected = flights();
  for (const { name } of expected.schema.fields) {
    expect(batch?.getChild(name)?.toArray()).toEqual(expected.getChild(name)?.toArray());
  }
  expect(pub.summary?.bytes).toBeLessThan(1_200_000);
});

test('--mode schema-ref: the samples are bare batches, and a subscriber fetches what they lack', async () => {
  const port = await freePort();
  const session = await Session.open(listening(port));
  try {
    const subscriber = await subscribeTable(session, 'test');
    const path = dataset('flights-200k.arrow');
    const args = [
      'pub',
      '-k',
      'test',
      '--json',
      ...connect(port),
      '--mode',
      'schema-ref',
      '--wait-matching',
      '--rate',
      '5',
    ];
    await Cli.with([...args, path, '--loop'], async (pub) => {
      for await (const { batches } of subscriber) {
        const expected = flights();
        expect(batches[0]?.numRows).toBe(expected.numRows);
        expect(batches[0]?.getChild('delay')?.toArray()).toEqual(expected.getChild('delay')?.toArray());
        break;
      }
      pub.interrupt();
      expect(await pub.ended()).toMatchObject({ code: 130, summary: { interrupted: true } });
    });
  } finally {
    await session.close();
  }
});
