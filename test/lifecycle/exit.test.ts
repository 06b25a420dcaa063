// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { addonPath } from '../support/addon.js';
import { program } from '../support/program.js';
import { freePort } from '../support/sessions.js';

const run = (name: string, ...args: string[]) => program(import.meta.url, name, args);

test('a process that publishes and closes exits by itself', async () => {
  expect(await run('publish-and-close').ended()).toMatchObject({ code: 0, stdout: 'closed\n', stderr: '' });
});

test('an open session without subscribers lets the process exit', async () => {
  expect(await run('idle').ended()).toMatchObject({ code: 0, stdout: 'open\n', stderr: '' });
});

test.each(['close', 'undeclare', 'unref'])('a subscribed process exits after %s', async (ending) => {
  expect(await run('subscribe', ending).ended()).toMatchObject({ code: 0, stderr: '' });
});

test.each([
  ['close', 0],
  ['undeclare', 0],
  ['unref', 0],
  ['timeout', 0],
  ['exit', 7],
] as const)('a process that listens and scouts exits after %s', async (ending, code) => {
  expect(await run('listen', ending).ended()).toMatchObject({ code, stdout: 'listening\n', stderr: '' });
});

test('a process that listens stays, until SIGTERM ends it with 143', async () => {
  const listening = run('listen', 'stay');
  await listening.says('listening');
  listening.child.kill('SIGTERM');
  expect(await listening.ended()).toMatchObject({ code: 143, signal: null, stderr: '' });
});

test('workers that listen and scout can be terminated', async () => {
  const { code, stdout, stderr } = await run('listen', 'terminate').ended();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(`${'listening\n'.repeat(5)}done\n`);
});

test('a subscribed process stays, until SIGTERM ends it with 143', async () => {
  const subscribed = run('subscribe', 'stay');
  await subscribed.says('received');
  subscribed.child.kill('SIGTERM');
  expect(await subscribed.ended()).toMatchObject({ code: 143, signal: null });
});

test.each([
  ['close', 0],
  ['undeclare', 0],
  ['exit', 7],
] as const)('heartbeats, caches and miss listeners let a process end by %s', async (ending, code) => {
  expect(await run('advanced', ending).ended()).toMatchObject({ code, stdout: 'running\n', stderr: '' });
});

test('a miss listener keeps the process, as its subscriber does', async () => {
  const staying = run('advanced', 'stay');
  await staying.says('running');
  staying.child.kill('SIGTERM');
  expect(await staying.ended()).toMatchObject({ code: 143, stderr: '' });
});

test('a library that defers to other listeners still ends the process', async () => {
  const guest = run('signal-guests');
  await guest.says('subscribed');
  guest.child.kill('SIGTERM');
  expect(await guest.ended()).toMatchObject({ signal: 'SIGTERM' });
});

test('process.exit inside a callback is clean', async () => {
  expect(await run('subscribe', 'exit').ended()).toMatchObject({ code: 7, stderr: '' });
});

test('a callback that throws or rejects is reported exactly once and stops nothing else', async () => {
  const { code, stdout } = await run('throwing').ended();
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    seen: ['0', '1', '2'],
    reports: ['uncaught OVERFLOW', 'uncaught first', 'unhandled rejected'],
  });
});

test.each([
  ['SIGINT', 'wait', 130],
  ['SIGTERM', 'wait', 143],
  ['SIGINT', 'pool', 130],
  ['SIGTERM', 'pool', 143],
  ['nothing', 'exit', 0],
  ['nothing', 'close', 0],
] as const)('%s, %s: no file of the process is left in /dev/shm', async (signal, ending, code) => {
  const holder = run('shm-holder', ending);
  await holder.says(' end');
  const files = JSON.parse(/files (.*) end/.exec(holder.stdout)?.[1] ?? '') as string[];
  expect(files.length).toBeGreaterThan(0);
  if (signal !== 'nothing') holder.child.kill(signal);
  expect(await holder.ended()).toMatchObject({ code });
  expect(files.filter((file) => existsSync(`/dev/shm/${file}`))).toEqual([]);
});

test('close ends from wherever it is called, and was clean', async () => {
  const { code, stdout, stderr } = await run('close-anywhere').ended();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    'in a callback': 'clean',
    'four at once': 'clean',
    'while it declares': 'clean',
    'inside for await': 'clean',
    'before the exit': 'clean',
  });
});

test.each(['alone', 'both', 'terminate'])(
  'the addon in worker threads: %s',
  async (mode) => {
    const { code, stdout, stderr } = await run('worker', mode).ended(140_000);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      `${'worker 10\n'.repeat(mode === 'terminate' ? 100 : 3)}${mode === 'both' ? 'main 10\n' : ''}done\n`,
    );
  },
  150_000,
);

test('a congested put that drops its message ends every loan, and both counts of what zenoh kept agree', async () => {
  const port = String(await freePort());
  const sender = run('congested', port, addonPath);
  await sender.says('listening');
  const reader = run('reader', port);
  await reader.says('reading');
  reader.child.kill('SIGSTOP');
  sender.child.kill('SIGUSR2');
  await sender.says(' end');
  const result = JSON.parse(/result (.*) end/.exec(sender.stdout)?.[1] ?? '');
  expect(result.borrowed).toBe(0);
  expect(result.held).toBe(result.ledger);
  expect(await sender.ended()).toMatchObject({ code: 0, stderr: '' });
});
