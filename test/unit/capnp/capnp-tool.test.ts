// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { fromZBytes, toSegments } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { Telemetry } from '../../golden/capnp/telemetry.js';
import { fullMessage, joined, manySegments } from './sample.js';

// The outside judge: Cap'n Proto's own tool (Debian: capnproto). CI has it; without it here, the skip is shown.
const found = spawnSync('capnp', ['--version']).status === 0;
const judged = found || process.env.CI === 'true' ? test : test.skip;
const schema = fileURLToPath(new URL('../../golden/capnp/telemetry.capnp', import.meta.url));

judged.each([
  ['one segment', fullMessage],
  ['many segments', manySegments],
])('the capnp tool decodes our message of %s', (_, make) => {
  const text = tool('decode', joined(toSegments(make()))).toString();
  expect(text).toContain('sequence = 18364758544493064720');
  expect(text).toContain('timestamp = -1700000000000000000');
  expect(text).toContain('temperature = -273');
  expect(text).toContain('name = "Messgerät 7 – été"');
  expect(text).toContain('position = (latitude = 52.5, longitude = -13.25, altitude = 34.5)');
  expect(text).toContain('(sensor = "sensor 39", value = 4.875, health = failed)');
  expect(text).toContain('tags = ["a", "", "ccc"]');
  expect(text).toContain('error = "out of range"');
});

judged('we read what the capnp tool encodes', () => {
  const bytes = tool(
    'encode',
    '(sequence = 3, name = "tool", frame = "\\x01\\x02", spectrum = [0.5, 2], health = failed)',
  );
  const payload = new ZBytes(Uint8Array.from(bytes));
  const root = fromZBytes(payload).getRoot(Telemetry);
  expect([root.sequence, root.name, root.temperature, root.health]).toEqual([3n, 'tool', -40, 2]);
  expect([[...root.frame.toUint8Array()], root.spectrum.toArray()]).toEqual([
    [1, 2],
    [0.5, 2],
  ]);
  payload.assertZeroCopy();
});

function tool(verb: 'decode' | 'encode', input: string | Uint8Array): Buffer {
  return execFileSync('capnp', [verb, schema, 'Telemetry'], { input });
}
