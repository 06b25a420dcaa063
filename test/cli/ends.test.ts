// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { FifoChannel, type Sample, Session } from '@zenoh-segments/core';
import { tableFromIPC } from 'apache-arrow';
import { freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import { Cli, connect, leftOver, listen } from './cli.js';
import { dataset, differences, flights } from './data.js';

const FLIGHTS = dataset('flights-200k.arrow');

/** A `sub` that is ready, and the arguments that a `pub` needs to reach it. */
async function withSub<T>(args: readonly string[], run: (sub: Cli, pub: string[]) => Promise<T>): Promise<T> {
  const port = await freePort();
  return Cli.with(['sub', '-k', 'test', '--json', ...listen(port), ...args], async (sub) => {
    await sub.ready();
    return run(sub, ['pub', '-k', 'test', '--json', ...connect(port)]);
  });
}

describe('Ctrl-C', () => {
  test('ends both, with a summary, code 130, and nothing left in /dev/shm', () =>
    withSub(['--head', '1'], (sub, pub) =>
      Cli.with([...pub, '--shm', '16', '--loop', '--rate', '200', FLIGHTS], async (publishing) => {
        await until('samples come', () => sub.stdout.length > 200);
        const files = [...publishing.shmFiles(), ...sub.shmFiles()];
        expect(files.length).toBeGreaterThan(0);
        publishing.interrupt();
        const { code, summary } = await publishing.ended();
        expect(code).toBe(130);
        expect(summary).toMatchObject({ interrupted: true, copied: 0 });
        sub.interrupt();
        expect(await sub.ended()).toMatchObject({ code: 130, summary: { interrupted: true } });
        expect(leftOver(files)).toEqual([]);
      }),
    ));

  test('completes the Arrow stream that sub writes', () =>
    withSub(['--output', 'arrow'], async (sub, pub) => {
      await Cli.run([...pub, FLIGHTS]);
      await until('the batch is written', () => sub.stdout.length > 1_600_000);
      sub.interrupt();
      const { code, stdout } = await sub.ended();
      expect(code).toBe(130);
      expect(stdout.subarray(-8)).toEqual(Buffer.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0));
      expect(differences(tableFromIPC(stdout), flights())).toBe(0);
    }));

  test('ends pub while it waits for standard input', async () =>
    Cli.with(['pub', '-k', 'test', ...connect(await freePort())], async (pub) => {
      pub.child.stdin.write('a\n1\n');
      await until('it is ready', () => pub.stderr.includes('publishing'));
      pub.interrupt();
      expect((await pub.ended()).code).toBe(130);
    }));

  test('ends sub without a single sample', () =>
    withSub([], async (sub) => {
      sub.interrupt();
      expect(await sub.ended()).toMatchObject({ code: 130, summary: { batches: 0, interrupted: true } });
    }));
});

test('SIGTERM ends as cleanly, with code 143', () =>
  withSub([], async (sub) => {
    sub.child.kill('SIGTERM');
    expect(await sub.ended()).toMatchObject({ code: 143, summary: { interrupted: true } });
  }));

test.each(['ndjson', 'arrow', 'table'])('a reader of %s that goes away ends sub quietly', (output) =>
  withSub(['--output', output], async (sub, pub) => {
    sub.child.stdout.once('data', () => sub.child.stdout.destroy());
    await Cli.with([...pub, '--loop', '--rate', '100', FLIGHTS], async () => {
      const { code, stderr } = await sub.ended();
      expect(code).toBe(0);
      expect(stderr).not.toContain('error');
    });
  }),
);

describe('the end of pub', () => {
  test.each([
    ['TCP', [], 8],
    ['shared memory', ['--shm', '16'], 4],
  ])('loses nothing that a subscriber has not taken yet, over %s', async (_, shm, loops) => {
    const port = await freePort();
    const session = await Session.open(listening(port));
    try {
      const subscriber = await session.declareSubscriber('test', { handler: new FifoChannel<Sample>(64) });
      const args = ['pub', '-k', 'test', ...connect(port), '--loop', String(loops), ...shm, FLIGHTS];
      expect((await Cli.run(args)).code).toBe(0);
      const expected = flights();
      for (let i = 0; i < loops; i++) {
        using sample = await (subscriber.receiver() as NonNullable<ReturnType<typeof subscriber.receiver>>).receive();
        expect(sample.isShm()).toBe(shm.length > 0);
        expect(sample.encoding().toString()).toBe('application/vnd.apache.arrow.stream');
        expect(differences(tableFromIPC(sample.payload().toBytes()), expected)).toBe(0);
      }
      expect(subscriber.stats()).toMatchObject({ received: loops, queued: 0 });
    } finally {
      await session.close();
    }
  });

  test('comes with a warning when a subscriber stood still for so long that zenoh gave it up', async () => {
    const port = await freePort();
    const session = await Session.open(listening(port));
    try {
      const subscriber = await session.declareSubscriber('test', { handler: new FifoChannel<Sample>(1) });
      const wait = 'transport/link/tx/queue/congestion_control/block/wait_before_close:300000';
      const args = ['pub', '-k', 'test', '--json', ...connect(port), '--cfg', wait, '--loop', '30', FLIGHTS];
      const { stderr } = await Cli.run(args);
      expect(stderr.split('"code":"STALLED"')).toHaveLength(2);
      expect(stderr).toContain(
        '"code":"STALLED","message":"a subscriber held a message up for 0.3 s and lost its connection',
      );
      expect(subscriber.stats().received).toBeLessThan(30);
    } finally {
      await session.close();
    }
  });

  test('waits for a subscriber that is slow', async () => {
    const port = await freePort();
    const session = await Session.open(listening(port));
    try {
      const subscriber = await session.declareSubscriber('test', { handler: new FifoChannel<Sample>(2) });
      const args = ['pub', '-k', 'test', ...connect(port), '--loop', '30', FLIGHTS];
      await Cli.with(args, async (pub) => {
        await until('the queue is full', () => subscriber.stats().queued === 2);
        const taken = { batches: 0 };
        for await (const sample of subscriber) {
          sample[Symbol.dispose]();
          if (++taken.batches === 30) break;
        }
        expect(await pub.ended()).toMatchObject({ code: 0 });
      });
    } finally {
      await session.close();
    }
  });
});
