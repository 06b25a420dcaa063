// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { tableFromArrays } from 'apache-arrow';
import { broken } from '../../packages/examples/dist/main-job/expectations.js';
import { dataset } from '../../packages/examples/dist/main-job/job.js';
import { referenceOf } from '../../packages/examples/dist/main-job/reference.js';
import type { Result } from '../../packages/examples/dist/main-job/run.js';
import { flights } from '../cli/data.js';
import { Program } from '../support/program.js';
import { freePort } from '../support/sessions.js';

function example(name: string, ...args: string[]): Program {
  return new Program(fileURLToPath(new URL(`../../packages/examples/dist/${name}.js`, import.meta.url)), args);
}

test('the main job verifies real data over shared memory and TCP, and ends by itself', async () => {
  const { code, stdout, stderr } = await example('main-job/index').ended();
  expect(stderr).toBe('');
  expect(stdout).toContain('600,000 values of the first round equal an independent reading');
  expect(stdout).toContain('252,294 values of the first round equal an independent reading');
  expect(stdout).toMatch(/│ flights-200k\.arrow │ SHM {2}│ +100 │ 20,000,000 │ 160\.1 │ +\d+ │ 0 bytes +│ 0 bytes +│/);
  expect(stdout).toMatch(/│ flights-200k\.arrow │ TCP {2}│ .* │ 0 bytes +│ 160,000,000 bytes, gather: +│/);
  expect(stdout).toMatch(/│ zipcodes\.csv +│ SHM {2}│ .* bytes, convert: +│ 0 bytes +│/);
  expect(stdout.trimEnd()).toMatch(
    /Everything arrived as it was read, and nothing was copied but what the table says\.$/,
  );
  expect(code).toBe(0);
});

describe('its verification fails', () => {
  test('for one wrong value', () => {
    const [batch] = flights().batches;
    const reference = referenceOf(dataset('flights-200k.arrow'));
    expect(reference.compare(batch!, 0)).toBe(600_000);
    (batch!.getChildAt(1)!.data[0]!.values as Int16Array)[123_456]!++;
    expect(() => reference.compare(batch!, 0)).toThrow("column 'distance', row 123456: ");
  });

  test('for rows of another place, and for missing columns', () => {
    const reference = referenceOf(dataset('zipcodes.csv'));
    const [batch] = tableFromArrays({ zip_code: ['00544'] }).batches;
    expect(() => reference.compare(batch!, 0)).toThrow('1 columns came instead of 6');
  });
});

describe('its expectations fail', () => {
  const ledger = { carried: 100, copied: 0, reasons: {} };
  const copied = { carried: 100, copied: 5, reasons: { copy: 5 } };
  const result = (path: 'SHM' | 'TCP', changes: { published?: object; received?: object; leftOver?: string[] }) =>
    ({
      job: { file: 'x.arrow', path, port: 0, rounds: 1 },
      published: { batches: 2, ledger, ...changes.published },
      received: { batches: 2, bytes: 100, inOnePiece: 2, valuesCompared: 9, ledger, ...changes.received },
      leftOver: changes.leftOver ?? [],
    }) as unknown as Result;

  test.each([
    [
      'a copy by the sender',
      result('SHM', { published: { ledger: copied } }),
      'the sender copied 5 bytes (copy); Arrow data',
    ],
    [
      'a copy by the receiver',
      result('SHM', { received: { ledger: copied } }),
      'the receiver copied 5 bytes (copy); shared',
    ],
    [
      'an unexpected reason',
      result('TCP', { received: { ledger: copied } }),
      'the receiver copied 5 bytes (copy); over TCP',
    ],
    ['a lost batch', result('TCP', { received: { batches: 1 } }), '2 batches were sent, 1 came'],
    ['a batch by TCP', result('SHM', { received: { inOnePiece: 1 } }), '1 batches only came by shared memory'],
    ['a file left', result('SHM', { leftOver: ['/dev/shm/1.zenoh'] }), 'left in /dev/shm: /dev/shm/1.zenoh'],
  ])('for %s', (_, faulty, text) => {
    expect(broken(faulty)).toEqual([expect.stringContaining(text)]);
  });

  test('not for a result as promised', () => {
    expect(broken(result('SHM', {}))).toEqual([]);
  });
});

describe('the examples run', () => {
  test('publish-segments and subscribe-segments', async () => {
    const endpoint = `tcp/127.0.0.1:${await freePort()}`;
    const subscriber = example('subscribe-segments', endpoint);
    await subscriber.says('ready');
    const publisher = await example('publish-segments', endpoint).ended();
    expect(publisher).toMatchObject({
      code: 0,
      stdout: 'published 39 bytes, 20 times, in 3 segments, 0 copied\n',
      stderr: '',
    });
    const received = await subscriber.ended();
    expect(received).toMatchObject({ code: 0, stdout: 'ready\nthree numbers: 1 2.5 -3\n', stderr: '' });
  });

  test('shared-memory', async () => {
    const endpoint = `tcp/127.0.0.1:${await freePort()}`;
    const { code, stdout } = await example('shared-memory', endpoint).ended();
    expect(stdout).toBe('16 MiB received through shared memory, no byte copied\n');
    expect(code).toBe(0);
  });
});
