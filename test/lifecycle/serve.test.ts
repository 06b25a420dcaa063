// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// How a process that serves websocket clients ends.
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { Program, program } from '../support/program.js';
import { RawClient } from '../support/remote-api/raw-client.js';

const run = (ending: string) => program(import.meta.url, 'serve', [ending]);

test.each([
  ['close', 0],
  ['unref', 0],
  ['exit', 7],
] as const)('a process that serves ends by %s', async (ending, code) => {
  expect(await run(ending).ended()).toMatchObject({ code, stdout: 'serving\n', stderr: '' });
});

test('a server keeps the process, until SIGTERM ends it with 143', async () => {
  const serving = run('stay');
  await serving.says('serving');
  serving.child.kill('SIGTERM');
  expect(await serving.ended()).toMatchObject({ code: 143, signal: null, stderr: '' });
});

test('a worker that serves can be terminated: its clients are cut off, its port is free', async () => {
  const { code, stdout, stderr } = await run('terminate').ended();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(`${'ECONNREFUSED\n'.repeat(5)}done\n`);
});

test('a server that ran out of descriptors serves on when there are some again', async () => {
  const file = fileURLToPath(new URL('programs/serve-few-descriptors.mjs', import.meta.url));
  const serving = new Program(file, [], {}, ['sh', '-c', 'ulimit -n 128; exec "$0" "$@"']);
  await serving.says(' end');
  const url = /url (.*) end/.exec(serving.stdout)?.[1] as string;
  const first = await RawClient.connect(url);
  const idle: Socket[] = [];
  for (let i = 0; i < 200; i++) idle.push(connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {}));
  await serving.says('ran out');
  await first.ping();
  for (const socket of idle) socket.destroy();
  await (await RawClient.connect(url)).ping();
  serving.child.kill('SIGTERM');
  expect(await serving.ended()).toMatchObject({ code: 143, stderr: '' });
});
