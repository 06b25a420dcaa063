// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, jest, test } from '@jest/globals';
import { fromZBytes, toSegments } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { Message } from 'capnp-es';
import { OldTelemetry, Telemetry } from '../../golden/capnp/telemetry.js';
import { contentOf, fullMessage, inside, joined, memoryOf, sparseMessage } from './sample.js';

/** A sent message, amid memory of others. */
function arrived(message: Message) {
  const bytes = inside(joined(toSegments(message)), 3);
  return { bytes, before: memoryOf([bytes]), payload: ZBytes.fromSegments([bytes]) };
}

test('data is a view of the received memory', () => {
  const { bytes, payload } = arrived(fullMessage());
  const { frame } = fromZBytes(payload).getRoot(Telemetry);
  expect(frame.toUint8Array().buffer).toBe(bytes.buffer);
  expect(frame.toDataView().buffer).toBe(bytes.buffer);
  payload.assertZeroCopy();
  expect(frame.toArrayBuffer()).toEqual(frame.toUint8Array().slice().buffer);
});

test('what is absent is read without a copy or a write', () => {
  const { bytes, before, payload } = arrived(sparseMessage());
  const root = fromZBytes(payload).getRoot(Telemetry);
  expect([root._hasReadings(), root.name, root.sequence]).toEqual([false, '', 7n]);
  expect([root.readings.length, root.frame.length, root.position.latitude]).toEqual([0, 0, 0]);
  expect([root.readings.toArray(), root.next.next.sequence, root.extra.which()]).toEqual([[], 0n, 0]);
  payload.assertZeroCopy();
  expect(memoryOf([bytes]).equals(before)).toBe(true);
});

test('a struct is printed without a copy', () => {
  const { payload } = arrived(sparseMessage());
  expect(String(fromZBytes(payload).getRoot(Telemetry))).toBe('Telemetry_->0@0x00000000[00 00 00 00 04 00 09 00]');
  payload.assertZeroCopy();
});

test('a message of an older sender reads with defaults', () => {
  const sent = new Message();
  sent.initRoot(OldTelemetry).sequence = 9n;
  const { bytes, before, payload } = arrived(sent);
  expect(contentOf(fromZBytes(payload))).toMatchObject({ sequence: 9n, temperature: -40, spectrum: [] });
  expect(memoryOf([bytes]).equals(before)).toBe(true);
});

const writes: ReadonlyArray<readonly [string, (root: Telemetry) => void]> = [
  ['a number', (root) => root.gain++],
  ['a number without room for it', (root) => (root.next.temperature = 5)],
  ['a bit', (root) => (root.active = false)],
  ['a text', (root) => (root.name = 'x')],
  ['a struct', (root) => root._initPosition()],
  ['a list', (root) => root._initTags(3)],
  ['an element', (root) => root.spectrum.set(0, -1)],
  ['an element text', (root) => root.tags.set(0, 'x')],
  ['an element struct', (root) => root.readings.set(0, root.readings.get(1))],
  ['a byte', (root) => root.frame.set(0, 1)],
  ['data', (root) => root.frame.copyBuffer(new Uint8Array(4))],
  ['a list taken away', (root) => root._disownReadings()],
  ['a copied list', (root) => Object.assign(root, { readings: root.readings })],
  ['a root', (root) => root.segment.message.setRoot(root)],
  ['another root', (root) => root.segment.message.initRoot(Telemetry)],
];

test.each(writes)('%s can not be written to a received message', (_, write) => {
  const { bytes, before, payload } = arrived(fullMessage());
  const root = fromZBytes(payload).getRoot(Telemetry);
  expect(() => write(root)).toThrow(expect.objectContaining({ code: 'CAPNP_READ_ONLY' }));
  expect(memoryOf([bytes]).equals(before)).toBe(true);
  payload.assertZeroCopy();
});

test('a received message is passed on without a copy', () => {
  const { bytes, payload } = arrived(fullMessage());
  const [header, segment] = toSegments(fromZBytes(payload));
  expect(segment?.buffer).toBe(bytes.buffer);
  expect(joined([header as Uint8Array, segment as Uint8Array])).toEqual(Uint8Array.from(bytes));
  payload.assertZeroCopy();
});

test('a copy, and a struct copied out, are private and equal', () => {
  const { payload } = arrived(fullMessage());
  const message = fromZBytes(payload);
  const copy = message.copy();
  expect(contentOf(copy)).toEqual(contentOf(message));
  const built = new Message();
  built.setRoot(message.getRoot(Telemetry));
  expect(contentOf(built)).toEqual(contentOf(message));
  expect(payload.ledger.snapshot().reasons).toEqual({ copy: expect.any(Number) });
  copy.getRoot(Telemetry).sequence = 1n;
  expect(message.getRoot(Telemetry).sequence).toBe(0xfedcba9876543210n);
});

test('memory given back is noticed', () => {
  const bytes = Uint8Array.from(joined(toSegments(sparseMessage())));
  const payload = new ZBytes(bytes);
  const message = fromZBytes(payload);
  const root = message.getRoot(Telemetry);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  expect(() => root.sequence).toThrow(TypeError);
  message.dispose();
  expect(payload.disposed).toBe(true);
  expect(() => message.getRoot(Telemetry)).toThrow(expect.objectContaining({ code: 'PAYLOAD_DISPOSED' }));
});

test('a class of a second capnp-es, which was not taught, is refused', async () => {
  const { payload } = arrived(fullMessage());
  const message = fromZBytes(payload);
  jest.resetModules();
  const second = await import('../../golden/capnp/telemetry.js');
  expect(second.Telemetry).not.toBe(Telemetry);
  expect(() => message.getRoot(second.Telemetry)).toThrow(
    expect.objectContaining({
      code: 'CAPNP_RUNTIME',
      message: expect.stringContaining('Telemetry is a class of another copy of capnp-es'),
    }),
  );
});
