// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { freePort } from '../support/sessions.js';
import { example } from './examples.js';

test('pictures are built in shared memory and looked at there, and nobody copies a pixel', async () => {
  const endpoint = `tcp/127.0.0.1:${await freePort()}`;
  const publisher = example('camera/publish', '--listen', endpoint, '--period', '5');
  await publisher.says('publishing on cameras/c1/frames');
  // More than the pool has room for: what was looked at is given back.
  const subscriber = example('camera/subscribe', '--connect', endpoint, '--count', '40');
  const { code, stdout, stderr } = await subscriber.ended();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.shift()).toBe('subscribed to cameras/*/frames');
  expect(lines.splice(40)).toEqual([
    '40 pictures received',
    expect.stringMatching(/^[\d,]+ bytes carried, none of them copied$/),
  ]);
  for (const line of lines) {
    expect(line).toMatch(/^c1 #\d+: 640 x 480, each pixel is right, in shared memory$/);
  }

  publisher.child.kill('SIGINT');
  const published = await publisher.ended();
  expect({ code: published.code, stderr: published.stderr }).toEqual({ code: 0, stderr: '' });
  expect(published.stdout).toMatch(
    /\n\d+ pictures? taken, \d+ of them skipped for want of shared memory\n[\d,]+ bytes carried, none of them copied\n$/,
  );
});
