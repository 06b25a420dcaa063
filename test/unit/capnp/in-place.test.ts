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
  expect(frame.toArrayBuffer()).toEqual(frame.toUint8Array().slice().buffer);
  payload.assertZeroCopy();
});

test('reading an absent field copies its segment, once; asking whether it is there does not', () => {
  const { bytes, before, payload } = arrived(sparseMessage());
  const root = fromZBytes(payload).getRoot(Telemetry);
  expect([root._hasReadings(), root.name, root.sequence]).toEqual([false, '', 7n]);
  payload.assertZeroCopy();
  expect([root.readings.length, root.frame.length, root.position.latitude]).toEqual([0, 0, 0]);
  expect(payload.ledger.snapshot().reasons).toEqual({ copy: payload.length - 8 });
  expect(memoryOf([bytes]).equals(before)).toBe(true);
});

test('a message of an older sender reads with defaults', () => {
  const sent = new Message();
  sent.initRoot(OldTelemetry).sequence = 9n;
  const { bytes, before, payload } = arrived(sent);
  expect(contentOf(fromZBytes(payload))).toMatchObject({ sequence: 9n, temperature: -40, spectrum: [] });
  expect(memoryOf([bytes]).equals(before)).toBe(true);
});

test('writing to a received message changes a private copy', () => {
  const { bytes, before, payload } = arrived(fullMessage());
  const message = fromZBytes(payload);
  const root = message.getRoot(Telemetry);
  root.sequence = 5n;
  root.spectrum.set(0, -1);
  expect([root.sequence, root.spectrum.get(0), root.name]).toEqual([5n, -1, 'Messgerät 7 – été']);
  expect(memoryOf([bytes]).equals(before)).toBe(true);
  expect(payload.ledger.copied).toBe(payload.length - 8);
  expect(contentOf(fromZBytes(new ZBytes(joined(toSegments(message)))))).toEqual(contentOf(message));
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
  payload.assertZeroCopy();
  copy.getRoot(Telemetry).sequence = 1n;
  expect(message.getRoot(Telemetry).sequence).toBe(0xfedcba9876543210n);
});

test('memory given back is noticed', () => {
  const bytes = Uint8Array.from(joined(toSegments(sparseMessage())));
  const root = fromZBytes(new ZBytes(bytes)).getRoot(Telemetry);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  expect(() => root.sequence).toThrow(TypeError);
  expect(() => {
    root.sequence = 1n;
  }).toThrow(TypeError);
});

test('a second capnp-es, which was not taught, reads rightly from a private copy', async () => {
  const { bytes, before, payload } = arrived(fullMessage());
  const message = fromZBytes(payload);
  jest.resetModules();
  const second = await import('../../golden/capnp/telemetry.js');
  expect(second.Telemetry).not.toBe(Telemetry);
  const root = message.getRoot(second.Telemetry);
  expect(root.gain).toBe(0.75);
  payload.assertZeroCopy();
  expect([root.name, root.frame.toUint8Array()[1000]]).toEqual(['Messgerät 7 – été', 1000 % 251]);
  expect(payload.ledger.copied).toBe(payload.length - 8);
  expect(memoryOf([bytes]).equals(before)).toBe(true);
});
