// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { CongestionControl, FifoChannel, Sample, Session } from '@zenoh-segments/core';
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { matched } from '../support/matched.js';
import { connecting, freePort, listening } from '../support/sessions.js';
import { HANG_MS, until } from '../support/until.js';
import { Cli, connect, leftOver, listen } from './cli.js';
import { dataset, differences, flights } from './data.js';

const FLIGHTS = dataset('flights-200k.arrow');
const WAIT = 'transport/link/tx/queue/congestion_control/block/wait_before_close';
const [RECEIVE_BUFFER, SEND_BUFFER] = ['so_rcvbuf', 'so_sndbuf'].map((name) => `transport/link/tcp/${name}`) as [
  string,
  string,
];

/** A `sub` that is ready, and the arguments that a `pub` needs to reach it. */
async function withSub<T>(args: readonly string[], run: (sub: Cli, pub: string[]) => Promise<T>): Promise<T> {
  const port = await freePort();
  return Cli.with(['sub', '-k', 'test', '--json', ...listen(port), ...args], async (sub) => {
    await sub.ready();
    return run(sub, ['pub', '-k', 'test', '--json', '--wait-matching', ...connect(port)]);
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

describe('what had come and waits for the reader of the output', () => {
  const SAMPLES = 20;
  const ROWS = 5000;

  /** A `sub` whose output nobody reads: it has got all samples, and all but the first ones are queued in it. */
  function withBacklog(run: (sub: Cli) => Promise<void>): Promise<void> {
    const args = ['--output', 'csv', '--head', String(ROWS), '--cfg', 'adminspace/enabled:true'];
    return withSub(args, async (sub, pub) => {
      sub.child.stdout.pause();
      const endpoint = pub[pub.indexOf('-e') + 1] as string;
      const session = await Session.open(connecting(Number(endpoint.split(':')[1])));
      try {
        await matched(session, 'test');
        const payload = tableToIPC(flights(), 'stream');
        for (let i = 0; i < SAMPLES; i++) {
          await session.put('test', payload, { congestionControl: CongestionControl.BLOCK });
        }
        // On the same link, behind them: its answer says that they are there.
        const answers = await session.get('@/*/peer');
        let answered = 0;
        for await (const reply of answers) answered += Number(reply.result() instanceof Sample);
        expect(answered).toBeGreaterThan(0);
        await run(sub);
      } finally {
        await session.close();
      }
    });
  }

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is written after %s', (signal, exit) =>
    withBacklog(async (sub) => {
      sub.child.kill(signal);
      sub.child.stdout.resume();
      const { code, stdout, summary } = await sub.ended();
      expect(summary).toMatchObject({ batches: SAMPLES, unwritten: 0, interrupted: true });
      expect(stdout.toString().trimEnd().split('\n')).toHaveLength(1 + SAMPLES * ROWS);
      expect(code).toBe(exit);
    }),
  );

  test('is given up after a Ctrl-C when the reader reads nothing, which is told', () =>
    withBacklog(async (sub) => {
      const gone = new Promise((resolve) => sub.child.once('exit', resolve));
      sub.interrupt();
      expect(await gone).toBe(130);
      // Nobody reads this either before: the end of the process is not that of its output.
      sub.child.stdout.resume();
      const { stderr, summary } = await sub.ended();
      expect(stderr).toContain('"code":"GIVEN_UP","message":"given up: the rest of the output, which nobody reads: ');
      const waiting = Number(/: 1 batch, and (\d+) samples that had come"/.exec(stderr)?.[1]);
      // A pipe has room for some of it.
      expect(waiting + (summary?.batches as number)).toBe(SAMPLES);
      expect(waiting).toBeGreaterThan(0);
      expect(summary).toMatchObject({ unwritten: 1, interrupted: true });
    }));

  test('is not waited for after a second Ctrl-C', () =>
    withBacklog(async (sub) => {
      sub.interrupt();
      // One that comes at once is taken for the same; so it is repeated, as someone would who is impatient.
      const again = setInterval(() => sub.interrupt(), 300);
      try {
        expect(await new Promise((resolve) => sub.child.once('exit', resolve))).toBe(130);
      } finally {
        clearInterval(again);
      }
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
      const args = ['pub', '-k', 'test', '--wait-matching', ...connect(port), '--loop', String(loops), ...shm, FLIGHTS];
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
    const config = listening(port);
    // With buffers of the system's choice, the connection alone may hold 30 batches.
    config.insertJson5(RECEIVE_BUFFER, '65536');
    const session = await Session.open(config);
    try {
      const subscriber = await session.declareSubscriber('test', { handler: new FifoChannel<Sample>(1) });
      const settings = ['--cfg', `${WAIT}:300000`, '--cfg', `${SEND_BUFFER}:65536`];
      const pub = ['pub', '-k', 'test', '--json', '--wait-matching', ...connect(port), ...settings];
      const args = [...pub, '--loop', '30', FLIGHTS];
      const { stderr, code, summary } = await Cli.run(args);
      expect(code).toBe(1);
      expect(summary?.lost).toBeGreaterThan(0);
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
      // A process that gets no turn for long, as on a busy machine, is not given up.
      const settings = ['--cfg', `${WAIT}:${HANG_MS * 1000}`];
      const pub = ['pub', '-k', 'test', '--wait-matching', ...connect(port), ...settings];
      await Cli.with([...pub, '--loop', '30', FLIGHTS], async (publishing) => {
        await until('the queue is full', () => subscriber.stats().queued === 2);
        const taken = (async () => {
          let batches = 0;
          for await (const sample of subscriber) {
            sample[Symbol.dispose]();
            if (++batches === 30) break;
          }
          return batches;
        })();
        const { code, stderr } = await publishing.ended();
        expect([code, stderr]).toEqual([0, expect.not.stringContaining('STALLED')]);
        expect(await taken).toBe(30);
      });
    } finally {
      await session.close();
    }
  });
});

describe('an error', () => {
  const told = (stderr: string) => stderr.trim().split('\n').slice(-2);

  test.each([
    ['as JSON', ['--json'], ['"event":"summary","batches":1,"rows":1', '"event":"error","code":"CSV_INVALID"']],
    ['as text', [], ['zenoh-arrow pub: 1 batch, 1 row', 'zenoh-arrow pub: CSV_INVALID: row 2']],
  ])('of pub comes after the summary, %s', async (_, flags, expected) => {
    const args = ['pub', '-k', 'test', ...listen(await freePort()), '--batch-rows', '1', ...flags];
    const { code, stderr } = await Cli.run(args, 'a\n1\nx\n');
    expect([code, told(stderr)]).toEqual([1, expected.map((text) => expect.stringContaining(text))]);
  });

  test('of sub comes after the summary', () =>
    withSub(['--output', 'csv'], async (sub, pub) => {
      await Cli.run(pub, 'a\n1\n');
      await until('it is written', () => sub.stdout.length > 0);
      await Cli.run(pub, 'b\n1\n');
      const { code, stderr } = await sub.ended();
      // Connections of those who are done end too.
      expect(stderr).not.toContain('CONNECTION_LOST');
      const expected = ['"event":"summary","batches":2,"rows":2', '"event":"error","code":"SCHEMA_CHANGED"'];
      expect([code, told(stderr)]).toEqual([1, expected.map((text) => expect.stringContaining(text))]);
    }));
});

test('a warning has its code, as text too', async () => {
  const { stderr } = await Cli.run(['pub', '-k', 'test', ...listen(await freePort())], 'a\n');
  expect(stderr).toContain('zenoh-arrow pub: nothing was published: no rows came in [NO_DATA]\n');
});

test('sub warns when its reader stood still and the publisher gave it up', () =>
  // What the connection holds must be written before its end is seen: little, and few rows of it.
  withSub(['--output', 'ndjson', '--head', '20000', '--cfg', `${RECEIVE_BUFFER}:65536`], async (sub, pub) => {
    sub.child.stdout.pause();
    const settings = ['--cfg', `${WAIT}:1500000`, '--cfg', `${SEND_BUFFER}:65536`];
    // Without end: the queue of 64 MiB and the buffers of the system hold many batches.
    await Cli.with([...pub, ...settings, '--loop', FLIGHTS], async (publishing) => {
      await until('it is given up', () => publishing.stderr.includes('STALLED'));
      publishing.interrupt();
      await publishing.ended();
    });
    sub.child.stdout.resume();
    await until('it is told', () => sub.stderr.includes('"code":"CONNECTION_LOST"'));
    sub.interrupt();
    expect((await sub.ended()).code).toBe(130);
  }));
