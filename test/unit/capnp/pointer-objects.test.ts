// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { fromZBytes, toZBytes } from '@zenoh-segments/capnp';
import * as capnp from 'capnp-es';
import { Telemetry } from '../../golden/capnp/telemetry.js';
import { fullMessage } from './sample.js';

const origins = {
  'a message being built': () => fullMessage(),
  'a received message': () => fromZBytes(toZBytes(fullMessage())),
};

test.each(Object.entries(origins))('lists of %s answer as those of capnp-es do', (_, message) => {
  const { spectrum, readings, tags, frame } = message().getRoot(Telemetry);
  for (const list of [spectrum, readings, tags, frame]) {
    expect(list).toBeInstanceOf(capnp.List);
    expect(list).toBeInstanceOf(capnp.Pointer);
  }
  expect(spectrum).toBeInstanceOf(capnp.Float64List);
  expect(frame).toBeInstanceOf(capnp.Data);
  expect(spectrum).not.toBeInstanceOf(capnp.Data);
  expect(Object.getPrototypeOf(readings).constructor._capnp.displayName).toBe('List<Reading>');

  const byIndex = spectrum as unknown as Record<string, number>;
  expect([byIndex[4], byIndex['9'], spectrum.at(-1)]).toEqual([2, 3, Math.sqrt(99)]);
  expect((readings as unknown as Record<string, { sensor: string }>)[7]?.sensor).toBe('sensor 7');
  expect([...tags]).toEqual(['a', '', 'ccc']);
  expect(JSON.stringify(tags)).toBe('["a","","ccc"]');
});

test('a received list is no promise and has no members by other names', async () => {
  const { spectrum } = fromZBytes(toZBytes(fullMessage())).getRoot(Telemetry);
  expect(await spectrum).toBe(spectrum);
  expect((spectrum as unknown as Record<string, unknown>).nothing).toBeUndefined();
});

test('pointers that capnp-es refuses are refused as before', () => {
  const message = fullMessage();
  const segment = message.getSegment(0);
  expect(() => new capnp.Pointer(segment, 0, 0)).toThrow('Nesting depth limit exceeded');
  expect(() => new Telemetry(segment, 0, 0)).toThrow('Nesting depth limit exceeded');
  expect(() => new capnp.Float64List(segment, segment.byteLength + 8)).toThrow('out of bounds');
  message._capnp.traversalLimit = 16;
  expect(() => message.getRoot(Telemetry).position.latitude).toThrow('Traversal limit exceeded');
});
