// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Worker } from 'node:worker_threads';
import { expect, test } from '@jest/globals';
import { CapnpPayloadError, fromZBytes, toSegments } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { Telemetry } from '../../golden/capnp/telemetry.js';
import { contentOf, fullMessage, inside, joined } from './sample.js';

/** What a program, or whoever shares its memory, can do to a received message. */

function received() {
  const bytes = inside(joined(toSegments(fullMessage())), 3);
  return { bytes, memory: new Uint8Array(bytes.buffer), root: fromZBytes(new ZBytes(bytes)).getRoot(Telemetry) };
}

/** Every setter, initializer, adopter and disowner that the generated class has. */
const WRITERS = Object.entries(Object.getOwnPropertyDescriptors(Telemetry.prototype)).flatMap(([name, property]) => {
  if (property.set !== undefined) return [[name, (root: Telemetry) => property.set!.call(root, root.next)] as const];
  if (!/^_(init|adopt|disown)/.test(name)) return [];
  // A group is the struct itself: making one writes nothing.
  if (name === '_initExtra') return [];
  return [[name, (root: Telemetry) => (property.value as (value: unknown) => unknown).call(root, 1)] as const];
});

test('the generated class has writers of each kind', () => {
  const names = WRITERS.map(([name]) => name);
  expect(names).toEqual(
    expect.arrayContaining(['sequence', 'name', 'position', '_initFrame', '_adoptReadings', '_disownNext']),
  );
});

test.each(WRITERS)('%s of a received message: CAPNP_READ_ONLY', (_, write) => {
  const { memory, root } = received();
  const before = Uint8Array.from(memory);
  expect(() => write(root)).toThrow(expect.objectContaining({ code: 'CAPNP_READ_ONLY' }));
  expect(Buffer.compare(memory, before)).toBe(0);
});

test.each<[string, (root: Telemetry) => void]>([
  ['a number of a list', (root) => root.spectrum.set(0, 1)],
  ['a text of a list', (root) => root.tags.set(0, 'x')],
  ['a struct of a list', (root) => root.readings.set(0, root.readings.get(1))],
  ['a field of a struct of a list', (root) => Object.assign(root.readings.get(0), { value: 1 })],
  ['a member of a union', (root) => Object.assign(root.extra, { retryAfter: 1 })],
  ['all of a list', (root) => void root.spectrum.fill(0)],
  ['a part of a list', (root) => void root.spectrum.copyWithin(0, 1, 2)],
  ['a byte of data', (root) => root.frame.set(0, 1)],
  ['bytes of data', (root) => root.frame.copyBuffer(new Uint8Array(1))],
  ['the root', (root) => void root.segment.message.initRoot(Telemetry)],
  ['the root as a copy', (root) => root.segment.message.setRoot(root.next)],
  ['a segment', (root) => void root.segment.setUint8(0, 1)],
  ['more of a segment', (root) => void root.segment.allocate(8)],
  ['another segment', (root) => void root.segment.message.allocateSegment(8)],
])('writing %s of a received message: CAPNP_READ_ONLY', (_, write) => {
  const { memory, root } = received();
  const before = Uint8Array.from(memory);
  expect(() => write(root)).toThrow(expect.objectContaining({ code: 'CAPNP_READ_ONLY' }));
  expect(Buffer.compare(memory, before)).toBe(0);
});

const LISTS = ['spectrum', 'tags', 'marks', 'readings', 'frame'] as const;

test.each(LISTS)('no element of `%s` but those it has', (name) => {
  const list = received().root[name];
  expect(list.get(list.length - 1)).toBeDefined();
  for (const index of [list.length, -1, 0.5, 2 ** 32, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(() => list.get(index)).toThrow(expect.objectContaining({ code: 'CAPNP_RANGE' }));
  }
  // As properties of the list, which is a proxy.
  const properties = list as unknown as Record<string, unknown>;
  expect(() => properties[`${list.length}`]).toThrow(expect.objectContaining({ code: 'CAPNP_RANGE' }));
  for (const property of ['then', 'x', '__proto__x', 'hasOwn', 'NaN']) expect(properties[property]).toBeUndefined();
  for (const property of ['constructor', 'hasOwnProperty', 'toString']) {
    expect(properties[property]).toBe((Object.getPrototypeOf(list) as Record<string, unknown>)[property]);
  }
});

test('memory that is detached during reading is a TypeError or an end, never a crash', () => {
  const { bytes, root } = received();
  const { readings, frame } = root;
  expect(readings.length).toBe(40);
  structuredClone(0, { transfer: [bytes.buffer as ArrayBuffer] });
  expect(() => readings.get(0).value).toThrow(TypeError);
  expect(() => root.sequence).toThrow(TypeError);
  expect(() => root.position.latitude).toThrow(TypeError);
  expect(() => root.name).toThrow(TypeError);
  expect(() => frame.get(0)).toThrow(TypeError);
});

test('a disposed message says so in getRoot and copy', () => {
  const message = fromZBytes(new ZBytes(joined(toSegments(fullMessage()))));
  message.getRoot(Telemetry);
  message.dispose();
  expect(() => message.getRoot(Telemetry)).toThrow(expect.objectContaining({ code: 'PAYLOAD_DISPOSED' }));
  expect(() => message.copy()).toThrow(expect.objectContaining({ code: 'PAYLOAD_DISPOSED' }));
});

test('a message in shared memory is read like any other', () => {
  const sent = joined(toSegments(fullMessage()));
  const shared = new Uint8Array(new SharedArrayBuffer(sent.length));
  shared.set(sent);
  const expected = contentOf(fromZBytes(new ZBytes(sent)));
  expect(contentOf(fromZBytes(new ZBytes(shared)))).toEqual(expected);
});

test('shared memory whose sender keeps writing while it is read gives values or typed errors', async () => {
  const sent = joined(toSegments(fullMessage()));
  const shared = new Uint8Array(new SharedArrayBuffer(sent.length));
  shared.set(sent);
  const turns = new Int32Array(new SharedArrayBuffer(8));
  const writer = new Worker(WRITER, { eval: true, workerData: { payload: shared, sent, turns } });
  let read = 0;
  let refused = 0;
  try {
    // As long as it takes for them to meet.
    while (Atomics.load(turns, 0) < 20_000 || read + refused < 500) {
      try {
        contentOf(fromZBytes(new ZBytes(shared)));
        read++;
      } catch (error) {
        if (!(error instanceof CapnpPayloadError)) throw error;
        refused++;
      }
    }
  } finally {
    await writer.terminate();
  }
  expect(refused).toBeGreaterThan(0);
});

/** Damages bytes behind the table and mends them again, without end. */
const WRITER = `
  const { payload, sent, turns } = require('node:worker_threads').workerData;
  let state = 1;
  const next = (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  for (;;) {
    const at = 8 + next(sent.length - 8);
    payload[at] = next(256);
    for (let i = next(2000); i > 0; i--) Atomics.load(turns, 1);
    payload[at] = sent[at];
    Atomics.add(turns, 0, 1);
  }
`;
