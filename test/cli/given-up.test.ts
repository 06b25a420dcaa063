// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Session } from '@zenoh-segments/core';
import { makeVector, Table, tableToIPC } from 'apache-arrow';
import { peerTest, pythonPath } from '../support/peers.js';
import { freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import { Cli, connect, listen } from './cli.js';
import { dataset } from './data.js';

const FLIGHTS = dataset('flights-200k.arrow');
/** Milliseconds that nobody in a test would wait for: without a signal what is tested takes as long. */
const LONG_MS = 600_000;
/** Bytes of a message that no system's buffers hold. */
const LARGE = 2 ** 26;
/** Bytes of it that are taken before it is held up: more than sessions say when they meet. */
const TAKEN = 2 ** 21;

/** A place that `accept` answers at. Its connections and their companions, which `accept` pushes, are ended with it. */
async function withPlace(
  accept: (socket: Socket, sockets: Socket[]) => void,
  run: (port: number, sockets: readonly Socket[]) => Promise<void>,
): Promise<void> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    accept(socket, sockets);
    for (const each of sockets) each.on('error', () => {});
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    await run(port, sockets);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A place that accepts connections and says nothing. */
const withSilence = (run: (port: number, sockets: readonly Socket[]) => Promise<void>) => withPlace(() => {}, run);

/**
 * A place through which a process is connected with another one, until it has sent `most` bytes: of the rest nobody takes more
 * than the system's buffers hold. `run` waits for `held`.
 */
function withHoldUp(to: number, most: number, run: (port: number, held: () => boolean) => Promise<void>) {
  const accept = (from: Socket, sockets: Socket[]) => {
    const onward = connectSocket(to, '127.0.0.1');
    sockets.push(onward);
    onward.pipe(from);
    from.on('data', (bytes) => {
      onward.write(bytes);
      if (from.bytesRead > most) from.pause();
    });
    from.on('close', () => onward.destroy());
  };
  return withPlace(accept, (port, sockets) => run(port, () => sockets.some((socket) => socket.isPaused())));
}

/** The path of a pseudo terminal into which nobody types. */
async function withTerminal(run: (path: string) => Promise<void>): Promise<void> {
  const script = 'import os, pty, sys; m, s = pty.openpty(); print(os.ttyname(s), flush=True); sys.stdin.read()';
  const python = spawn(pythonPath(), ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => python.on('close', resolve));
  try {
    await run(String(await new Promise((resolve) => python.stdout.once('data', resolve))).trim());
  } finally {
    python.stdin.end();
    await ended;
  }
}

function readable(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}

/** Ctrl-C ends a `pub` that has opened `path` and waits for it. */
async function pubOf(path: string): Promise<void> {
  await Cli.with(['pub', '-k', 'a', '--json', ...listen(await freePort()), path], async (pub) => {
    const folder = `/proc/${pub.child.pid}/fd`;
    const opened = () => readdirSync(folder).some((fd) => linkOf(`${folder}/${fd}`) === path);
    await until('it is opened', opened);
    pub.interrupt();
    expect((await pub.ended()).code).toBe(130);
  });
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // It is closed again.
    return undefined;
  }
}

/** A file with a batch of so many bytes. */
function large(bytes: number): string {
  const path = join(mkdtempSync(join(tmpdir(), 'given-up-')), 'large.arrow');
  writeFileSync(path, tableToIPC(new Table({ values: makeVector(new Float64Array(bytes / 8)) }), 'file'));
  return path;
}

describe('one Ctrl-C ends', () => {
  test('doctor while an endpoint does not answer', () =>
    withSilence((port, sockets) =>
      Cli.with(['doctor', '--json', '--timeout', String(LONG_MS / 1000), ...connect(port)], async (doctor) => {
        // The first is closed again, when it is known that something listens there.
        await until('a session is being opened', () => sockets.length === 2);
        doctor.interrupt();
        const { code, stderr, summary } = await doctor.ended();
        expect(stderr).toContain(`"code":"GIVEN_UP","message":"given up: the check of tcp/127.0.0.1:${port}"`);
        expect(summary).toMatchObject({ interrupted: true });
        expect(code).toBe(130);
      }),
    ));

  test('doctor while it listens for others', () =>
    Cli.with(['doctor', '--json', '--timeout', String(LONG_MS / 1000)], async (doctor) => {
      await until('the checks before are done', () => doctor.stdout.includes('"check":"pools"'));
      doctor.interrupt();
      const { code, summary } = await doctor.ended();
      expect(summary).toMatchObject({ interrupted: true });
      expect(code).toBe(130);
    }));

  test.each([
    ['sub', ['-k', 'a']],
    ['hz', ['a']],
    ['pub', ['-k', 'a', FLIGHTS]],
  ])('%s while a connection is being made', (verb, args) =>
    withSilence((port, sockets) => {
      const patient = ['--cfg', `transport/unicast/open_timeout:${LONG_MS}`, '--cfg', `connect/timeout_ms:${LONG_MS}`];
      const all = [verb, ...args, '--json', '-m', 'client', ...connect(port), ...patient];
      return Cli.with(all, async (cli) => {
        await until('it is being made', () => sockets.length > 0);
        cli.interrupt();
        const { code, stderr } = await cli.ended();
        expect(stderr).toContain('"code":"GIVEN_UP","message":"given up: the connection that was being made"');
        expect(code).toBe(130);
      });
    }),
  );

  peerTest('python', 'pub while a device has nothing to read', () => withTerminal((path) => pubOf(path)));

  (readable('/proc/kmsg') ? test : test.skip)('pub while a file of the system has nothing to read', () =>
    pubOf('/proc/kmsg'),
  );

  test('pub while a subscriber holds a message up', async () => {
    const port = await freePort();
    const file = large(LARGE);
    const session = await Session.open(listening(port));
    try {
      await session.declareSubscriber('test', { handler: (sample) => sample[Symbol.dispose]() });
      const wait = `transport/link/tx/queue/congestion_control/block/wait_before_close:${LONG_MS * 1000}`;
      await withHoldUp(port, TAKEN, async (between, held) => {
        const args = ['pub', '-k', 'test', '--json', ...connect(between), '--cfg', wait, '--loop=100000', file];
        await Cli.with(args, async (pub) => {
          await until('a part of a message is through', held);
          pub.interrupt();
          const { code, stderr, summary } = await pub.ended();
          expect(stderr).toContain('"code":"GIVEN_UP"');
          expect(summary).toMatchObject({ interrupted: true });
          expect(code).toBe(130);
        });
      });
    } finally {
      await session.close();
      rmSync(dirname(file), { recursive: true });
    }
  });
});
