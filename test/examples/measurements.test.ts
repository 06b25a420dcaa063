// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { freePort } from '../support/sessions.js';
import { example } from './examples.js';

test('tables are built in shared memory and summed there, and nobody copies a value', async () => {
  const endpoint = `tcp/127.0.0.1:${await freePort()}`;
  const publisher = example('measurements/publish', '--listen', endpoint, '--period', '5');
  await publisher.says('publishing on measurements');
  // More than the pool has room for: what was summed is given back.
  const subscriber = example('measurements/subscribe', '--connect', endpoint, '--count', '40');
  const { code, stdout, stderr } = await subscriber.ended();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.shift()).toBe('subscribed to measurements');
  expect(lines.splice(40)).toEqual([
    '40 tables received',
    expect.stringMatching(/^[\d,]+ bytes carried, none of them copied$/),
  ]);
  for (const line of lines) {
    expect(line).toMatch(/^#\d+: 20000 rows, each sum is right, in shared memory$/);
  }

  publisher.child.kill('SIGINT');
  const published = await publisher.ended();
  expect({ code: published.code, stderr: published.stderr }).toEqual({ code: 0, stderr: '' });
  expect(published.stdout).toMatch(/\n\d+ tables? published\n[\d,]+ bytes carried, none of them copied\n$/);
});
