// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { peerTest } from '../support/peers.js';
import type { Program } from '../support/program.js';
import { freePort } from '../support/sessions.js';
import { until } from '../support/until.js';
import { example, pythonExample } from './examples.js';

const MESSAGE = /^r1 #(\d+): \d\.\d\d m\/s, battery 9\d\.\d %, \d\d\.\d °C, nearest wall at 4\.00 m$/;

/** A publisher that publishes without end, to whoever listens there. */
async function publishing(...args: string[]): Promise<{ publisher: Program; endpoint: string }> {
  const endpoint = `tcp/127.0.0.1:${await freePort()}`;
  const publisher = example('telemetry/publish', '--listen', endpoint, '--period', '5', ...args);
  await publisher.says('publishing on fleet/r1/telemetry');
  return { publisher, endpoint };
}

async function interrupted(program: Program): Promise<string> {
  program.child.kill('SIGINT');
  const { code, stdout, stderr } = await program.ended();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

test('a subscriber prints what a publisher publishes, Ctrl-C ends both, and what was copied is told', async () => {
  const { publisher, endpoint } = await publishing();
  const subscriber = example('telemetry/subscribe', '--connect', endpoint, '--robot', 'r1');
  await until(
    'three messages came',
    () => subscriber.stdout.split('\n').filter((line) => MESSAGE.test(line)).length >= 3,
  );

  const received = (await interrupted(subscriber)).trimEnd().split('\n');
  expect(received.shift()).toBe('subscribed to fleet/r1/telemetry');
  // A message of 1.5 KB comes out of its receive buffer: a view would pin 64 KiB.
  expect(received.pop()).toMatch(/^([\d,]+) bytes carried, ([\d,]+) copied: small \2$/);
  const messages = received.pop();
  expect(messages).toBe(`${received.length} messages received`);
  const numbers = received.map((line) => Number(MESSAGE.exec(line)?.[1]));
  expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] as number) + i));

  const published = await interrupted(publisher);
  // A busy machine can look like a congested network, which a native thread puts to.
  expect(published).toMatch(
    /\n\d+ messages? published\n[\d,]+ bytes carried, (none of them|[\d,]+) copied(: offload [\d,]+)?\n$/,
  );
});

test('one is not several', async () => {
  const { publisher, endpoint } = await publishing();
  const subscriber = example('telemetry/subscribe', '--connect', endpoint, '--count', '1');
  expect((await subscriber.ended()).stdout).toContain('\n1 message received\n');
  await interrupted(publisher);
  const listen = ['--listen', `tcp/127.0.0.1:${await freePort()}`];
  const one = example('telemetry/publish', ...listen, '--count', '1');
  expect((await one.ended()).stdout).toContain('\n1 message published\n');
});

peerTest('python', 'one is not several in Python', async () => {
  const { publisher, endpoint } = await publishing();
  const subscriber = pythonExample('telemetry/subscribe', '--connect', endpoint, '--count', '1');
  expect((await subscriber.ended()).stdout).toMatch(/\n1 message received\n$/);
  await interrupted(publisher);
});

test('as many as are asked for', async () => {
  const { publisher, endpoint } = await publishing();
  const subscriber = example('telemetry/subscribe', '--connect', endpoint, '--count', '2');
  const { code, stdout } = await subscriber.ended();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^subscribed to fleet\/\*\/telemetry\n(r1 #.*\n){2}2 messages received\n/);
  await interrupted(publisher);
  const few = example(
    'telemetry/publish',
    '--listen',
    `tcp/127.0.0.1:${await freePort()}`,
    '--count',
    '3',
    '--period',
    '1',
  );
  expect((await few.ended()).stdout).toContain('\n3 messages published\n');
});

peerTest('python', 'the Python subscriber prints the same', async () => {
  const { publisher, endpoint } = await publishing();
  const subscriber = pythonExample('telemetry/subscribe', '--connect', endpoint, '--count', '3');
  const { code, stdout, stderr } = await subscriber.ended();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect([lines[0], lines[4]]).toEqual(['subscribed to fleet/*/telemetry', '3 messages received']);
  for (const line of lines.slice(1, 4)) expect(line).toMatch(MESSAGE);

  const endless = pythonExample('telemetry/subscribe', '--connect', endpoint, '--robot', 'r1');
  await until('a message came', () => endless.stdout.includes('\nr1 #'));
  expect(await interrupted(endless)).toMatch(/\n\d+ messages? received\n$/);
  await interrupted(publisher);
});

describe('a reader that leaves, such as `head`, ends a program quietly', () => {
  /** Takes a message, and leaves as `head` does. */
  async function left(program: Program, text: string) {
    await program.says(text);
    program.child.stdout.destroy();
    const { code, signal, stderr } = await program.ended();
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  }

  test('the subscriber', async () => {
    const { publisher, endpoint } = await publishing();
    await left(example('telemetry/subscribe', '--connect', endpoint), '\nr1 #');
    await interrupted(publisher);
  });

  peerTest('python', 'the Python subscriber', async () => {
    const { publisher, endpoint } = await publishing();
    await left(pythonExample('telemetry/subscribe', '--connect', endpoint), '\nr1 #');
    await interrupted(publisher);
    const idle = pythonExample('telemetry/subscribe', '--robot', 'nobody');
    await idle.says('subscribed to fleet/nobody/telemetry\n');
    idle.child.stdout.destroy();
    expect(await interrupted(idle)).toBe('subscribed to fleet/nobody/telemetry\n');
  });

  test('a publisher, which has nothing to say until it ends', async () => {
    const { publisher } = await publishing();
    publisher.child.stdout.destroy();
    expect(await interrupted(publisher)).toBe('publishing on fleet/r1/telemetry\n');
  });
});

describe('what is asked in a wrong way is told', () => {
  test.each([
    ['telemetry/publish', ['--robots', 'x'], "Unknown option '--robots'", 2],
    ['telemetry/publish', ['--count', '0'], "--count takes a whole number from 1, not '0'", 2],
    ['telemetry/publish', ['--robot', 'a/b'], "`robot` can't be `a/b`: it must be one chunk of a key", 1],
    [
      'telemetry/subscribe',
      ['--connect', 'nowhere'],
      "--connect takes an endpoint such as tcp/192.0.2.1:7447, not 'nowhere'",
      2,
    ],
    [
      'telemetry/publish',
      ['--listen', 'tcp/127.0.0.1:0', '--listen', ''],
      "--listen takes an endpoint such as tcp/192.0.2.1:7447, not ''",
      2,
    ],
    ['telemetry/subscribe', ['--listen', 'tcp/192.0.2.1:7447'], '192.0.2.1', 1],
  ])('%s %j', async (name, args, message, exit) => {
    const { code, stdout, stderr } = await example(name, ...args).ended();
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    // No trace of the program's insides.
    expect(stderr).not.toContain('    at ');
    expect(stderr).not.toContain('Json5');
    expect(code).toBe(exit);
  });

  peerTest('python', 'by the Python subscriber too', async () => {
    const { code, stdout, stderr } = await pythonExample('telemetry/subscribe', '--connect', 'nowhere').ended();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain("--connect takes an endpoint such as tcp/192.0.2.1:7447, not 'nowhere'");
    expect(stderr).not.toContain('Traceback');
    const none = await pythonExample('telemetry/subscribe', '--count', '0').ended();
    expect([none.code, none.stdout]).toEqual([2, '']);
    expect(none.stderr).toContain("--count takes a whole number from 1, not '0'");
  });

  test.each(['publish', 'subscribe'])('%s tells its flags', async (name) => {
    const { code, stdout } = await example(`telemetry/${name}`, '--help').ended();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`^${name}\\.js \\[--robot NAME\\][^]*--connect ENDPOINT[^]*Ctrl-C ends it\\.\n$`),
    );
    expect(stdout).toContain('(with neither, peers on this machine find each other by multicast)');
  });
});
