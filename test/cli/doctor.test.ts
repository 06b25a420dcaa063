// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createServer, type Server } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { Session } from '@zenoh-segments/core';
import { freePort, listening, multicastGroup, scoutable } from '../support/sessions.js';
import { until } from '../support/until.js';
import { Cli, connect, type Ended, leftOver, listen } from './cli.js';
import { dataset } from './data.js';

interface Check {
  readonly check: string;
  readonly status: string;
  readonly text: string;
  readonly advice?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

const ALONE = ['--no-multicast-scouting'];

function checksOf({ stdout }: Ended): Map<string, Check> {
  const lines = stdout.toString().trimEnd().split('\n');
  return new Map(lines.map((line) => JSON.parse(line) as Check).map((check) => [check.check, check]));
}

/** Accepts connections and says nothing. */
async function silent(port: number): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

describe('doctor', () => {
  test('finds a machine in order', async () => {
    const { code, stdout } = await Cli.run(['doctor', ...ALONE]);
    const lines = stdout.toString();
    for (const check of ['clock', 'addon', 'shared memory', '/dev/shm', 'pools', 'scouting']) {
      expect(lines).toMatch(new RegExp(`^(ok {6}|warning ) ${check}: `, 'm'));
    }
    expect(lines).toMatch(/^ok {7}addon: zenoh-arrow \d.*, zenoh 1\.\d+\.\d+.*, node v\d.*zenoh-segments\.node$/m);
    expect(code).toBe(0);
  });

  test('tells an endpoint that works from one that is closed, and from one that is something else', async () => {
    const [open, closed, other] = [await freePort(), await freePort(), await freePort()];
    const session = await Session.open(listening(open));
    const server = await silent(other);
    try {
      const endpoints = [open, closed, other].flatMap((port) => ['-e', `tcp/127.0.0.1:${port}`]);
      const ended = await Cli.run(['doctor', '--json', '--timeout', '2', ...endpoints, ...ALONE]);
      const checks = checksOf(ended);
      expect(checks.get(`tcp/127.0.0.1:${open}`)).toMatchObject({
        status: 'ok',
        facts: { reachable: true, session: true, zid: session.zid().toString(), whatami: 'peer', shm: true },
      });
      expect(checks.get(`tcp/127.0.0.1:${closed}`)).toMatchObject({
        status: 'fault',
        text: expect.stringContaining('nothing accepts connections there: connect ECONNREFUSED'),
        advice: expect.stringContaining('is zenohd or the peer running'),
      });
      expect(checks.get(`tcp/127.0.0.1:${other}`)).toMatchObject({
        status: 'fault',
        text: expect.stringContaining('no zenoh session with it: OPEN_FAILED: '),
        facts: { reachable: true, session: false },
      });
      expect(ended.code).toBe(1);
      expect(ended.summary).toMatchObject({ faults: 2, interrupted: false });
    } finally {
      await session.close();
      server.close();
    }
  });

  test('finds nodes by multicast', async () => {
    const group = await multicastGroup();
    const session = await Session.open(scoutable(group));
    try {
      const where = [`scouting/multicast/address:"${group}"`, 'scouting/multicast/interface:"127.0.0.1"'];
      const ended = await Cli.run(['doctor', '--json', ...where.flatMap((pair) => ['--cfg', pair])]);
      expect(checksOf(ended).get('scouting')).toMatchObject({
        status: 'ok',
        facts: { nodes: [{ zid: session.zid().toString(), whatami: 'peer' }] },
      });
      expect(ended.code).toBe(0);
    } finally {
      await session.close();
    }
  });

  test('says that shared memory is off, and what to do', async () => {
    const off = ['--cfg', 'transport/shared_memory/enabled:false'];
    const ended = await Cli.run(['doctor', '--json', ...off, ...ALONE]);
    expect(checksOf(ended).get('shared memory')).toMatchObject({
      status: 'warning',
      text: expect.stringContaining('DISABLED: '),
      advice: expect.stringContaining('transport/shared_memory/enabled'),
    });
    expect(ended.code).toBe(0);
  });

  test('says who holds a pool; what a killed process left is removed by --clean', async () => {
    const port = await freePort();
    const pub = ['pub', '-k', 'a', '--shm', '8', '--loop', '--rate', '50', dataset('flights-200k.arrow'), '--quiet'];
    const files = await Cli.with([...pub, ...listen(port)], async (publishing) => {
      await until('it has a pool', () => publishing.shmFiles().length > 1);
      const ended = await Cli.run(['doctor', '--json', ...ALONE]);
      const { facts } = checksOf(ended).get('pools') as Check;
      const { pools } = facts as { pools: { file: string; holders: { pid: number }[] }[] };
      const own = pools.filter(({ holders }) => holders.some(({ pid }) => pid === publishing.child.pid));
      expect(own.length).toBeGreaterThan(0);
      const mapped = publishing.shmFiles();
      expect(mapped).toEqual(expect.arrayContaining(own.map(({ file }) => `/dev/shm/${file}`)));
      return mapped;
    });
    const clean = async () =>
      checksOf(await Cli.run(['doctor', '--json', '--clean', ...ALONE])).get('/dev/shm') as Check;
    let found = await clean();
    // What a process of another test leaves, that is killed between the cleaning and the look, is told as well.
    for (let again = 0; again < 2 && found.status !== 'ok'; again++) found = await clean();
    const { status, text, facts } = found;
    expect(status).toBe('ok');
    // Another process that starts now may have removed some before.
    const { removed } = facts as { removed: { file: string; bytes: number }[] };
    expect(text).toContain(`; removed ${removed.length} file`);
    expect(leftOver(files)).toEqual([]);
  });

  test('refuses a wrong endpoint before it looks at anything', async () => {
    const { code, stdout, stderr } = await Cli.run(['doctor', '-e', 'nonsense']);
    expect(code).toBe(2);
    expect(stdout.toString()).toBe('');
    expect(stderr).toContain('USAGE: the configuration is refused: ');
  });

  test('ends by Ctrl-C', () =>
    Cli.with(['doctor', '--timeout', '2', ...connect(1), '--json'], async (doctor) => {
      await until('it looks at something', () => doctor.stdout.length > 0);
      doctor.interrupt();
      expect((await doctor.ended()).code).toBe(130);
    }));
});
