// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { freePort } from '../support/sessions.js';
import { until } from '../support/until.js';
import { Cli, connect, listen } from './cli.js';

/** Processes that a process has started and that run still. */
function children(pid: number | undefined): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        return Number(/\) . (\d+)/.exec(readFileSync(`/proc/${entry}/stat`, 'utf8'))?.[1]) === pid;
      } catch {
        return false;
      }
    })
    .map(Number);
}

function isGone(pid: number): boolean {
  try {
    // A zombie has no command line.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === '';
  } catch {
    return true;
  }
}

describe('bench', () => {
  test.each([
    ['TCP', [], 0],
    ['shared memory', ['--shm', '--read'], 1],
  ])('measures each size between two processes, over %s', async (_, flags, shmShare) => {
    const args = ['bench', '--size', '1KiB,200KiB', '--count', '5', '--json', ...flags];
    const { code, stdout, stderr, summary } = await Cli.run(args);
    expect(stderr).not.toContain('error');
    expect(code).toBe(0);
    expect(summary).toMatchObject({ measured: 2, lost: 0, interrupted: false });
    const results = stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(results).toHaveLength(2);
    for (const [i, limit] of [1024, 200 * 1024].entries()) {
      const { rows, bytes, roundTripMs, ...others } = results[i];
      expect(others).toMatchObject({ sent: 5, received: 5, shmShare, shm: shmShare === 1, read: shmShare === 1 });
      expect(bytes).toBeLessThanOrEqual(limit);
      expect(bytes).toBeGreaterThan(limit / 2);
      expect(others.rowsPerSecond / rows).toBeCloseTo(others.tablesPerSecond, 3);
      expect(roundTripMs.count).toBe(5);
      expect(roundTripMs.p50).toBeLessThanOrEqual(roundTripMs.max);
    }
  });

  test('sends no more than a receiver opens that is slower than the link', async () => {
    // Within the time, descriptors of many seconds of reading would fit on the way.
    const args = ['bench', '--shm', '--read', '--size', '16MiB', '--duration', '4', '--json'];
    const { code, stdout, stderr } = await Cli.run(args);
    expect(stderr).not.toContain('error');
    const { sent, received, shmShare } = JSON.parse(stdout.toString());
    expect([received, shmShare]).toEqual([sent, 1]);
    expect(code).toBe(0);
  });

  test('writes CSV, by a number of rows', async () => {
    const { code, stdout } = await Cli.run(['bench', '--rows', '10,20', '--count', '2', '--csv', '--quiet']);
    expect(code).toBe(0);
    const [head = '', ...lines] = stdout.toString().trimEnd().split('\n');
    expect(head).toMatch(/^rows,bytes,shm,read,sent,received,.*,p50_ms,p95_ms,p99_ms,max_ms$/);
    expect(lines.map((line) => line.split(',')[0])).toEqual(['10', '20']);
    expect(lines.every((line) => line.split(',').length === head.split(',').length)).toBe(true);
  });

  test('measures against a receiver elsewhere, which Ctrl-C ends', async () => {
    const port = await freePort();
    await Cli.with(['bench', '--respond', '--json', ...listen(port)], async (receiver) => {
      await receiver.ready();
      const { code, stdout } = await Cli.run(['bench', '--remote', '--count', '3', '--size', '1K', ...connect(port)]);
      expect(code).toBe(0);
      expect(stdout.toString()).toMatch(/^ +rows +bytes +tables\/s .*\n +2 +960 .*\n$/);
      receiver.interrupt();
      expect((await receiver.ended()).code).toBe(130);
    });
  });

  test('ends by Ctrl-C, and its receiver with it', () =>
    Cli.with(['bench', '--duration', '600', '--json'], async (bench) => {
      await bench.ready();
      const started = children(bench.child.pid);
      expect(started).toHaveLength(1);
      bench.interrupt();
      const { code, summary } = await bench.ended();
      expect(code).toBe(130);
      expect(summary).toMatchObject({ measured: 0, interrupted: true });
      await until('the receiver is gone', () => started.every(isGone));
    }));

  test('ends by Ctrl-C while its receiver stands still, and takes it along', () =>
    Cli.with(['bench', '--duration', '600', '--json'], async (bench) => {
      await bench.ready();
      const started = children(bench.child.pid);
      for (const pid of started) process.kill(pid, 'SIGSTOP');
      bench.interrupt();
      expect((await bench.ended()).code).toBe(130);
      await until('the receiver is gone', () => started.every(isGone));
    }));

  test('leaves no receiver behind when it is killed', () =>
    Cli.with(['bench', '--duration', '600', '--json'], async (bench) => {
      await bench.ready();
      const started = children(bench.child.pid);
      expect(started).toHaveLength(1);
      bench.child.kill('SIGKILL');
      await until('the receiver is gone', () => started.every(isGone));
    }));
});

describe('wrong usage of bench ends with code 2', () => {
  test.each([
    [['--size', '2GiB'], 'It must be a size such as 4096, 4KiB or 1MB, up to 1GiB'],
    [['--size', '1parsec'], 'It must be a size'],
    [['--size', '1KiB', '--rows', '1'], "option '--size <sizes>' cannot be used with option '--rows <n>'"],
    [['--csv', '--json'], "option '--csv' cannot be used with option '--json'"],
    [['-k', 'a/*'], "USAGE: 'a/*' stands for many keys: bench needs one"],
  ])('%j', async (args, text) => {
    const { code, stderr } = await Cli.run(['bench', ...args]);
    expect(stderr).toContain(text);
    expect(code).toBe(2);
  });
});
