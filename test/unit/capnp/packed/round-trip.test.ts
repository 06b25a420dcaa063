// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { fromZBytes, MessageBuilder, toSegments, toZBytes } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { Message } from 'capnp-es';
import { Telemetry } from '../../../golden/capnp/telemetry.js';
import { runSeed } from '../../../support/peers-bytes.js';
import { random } from '../../../support/random.js';
import { seededBytes } from '../../../support/seeded-bytes.js';
import { contentOf, fullMessage, inside, joined, manySegments, slicings, sparseMessage } from '../sample.js';
import { framed, mixedWords, packed, unpacked } from './frames.js';

const seed = runSeed();
const messages = [
  ['one segment', fullMessage],
  ['many segments', manySegments],
  ['absent fields', sparseMessage],
] as const;
const cases = messages.flatMap(([kind, make]) => slicings.map(([how, slice]) => [kind, how, make, slice] as const));

test.each(cases)('%s, packed, %s: reads what capnp-es reads', (_, __, make, slice) => {
  const message = make();
  const sent = toZBytes(message, { packed: true }).toBytes();
  const payload = ZBytes.fromSegments(slice([sent]));
  const expected = contentOf(new Message(message.toArrayBuffer(), false));
  expect(contentOf(fromZBytes(payload, { packed: true }))).toEqual(expected);
});

test('any segments, at any offset, come back as they were', () => {
  const below = random(seed);
  for (let round = 0; round < 200; round++) {
    const segments = Array.from({ length: 1 + below(4) }, () => mixedWords(below));
    const frame = framed(...segments);
    const memory = inside(frame, 1 + below(7));
    const sent = packed(memory);
    expect(Buffer.compare(sent, packed(frame))).toBe(0);
    expect(Buffer.compare(unpacked(inside(sent, below(8))), frame)).toBe(0);
  }
});

test.each([1, 7, 8, 9, 1001, 2049])('%d bytes of adopted data are packed with their padding', (length) => {
  for (const bytes of [new Uint8Array(length), seededBytes(seed, length)]) {
    const message = new MessageBuilder();
    message.initRoot(Telemetry)._adoptFrame(message.adoptData(bytes));
    const frame = joined(toSegments(message));
    expect(toSegments(message).some((segment) => segment.length % 8 !== 0)).toBe(length % 8 !== 0);
    expect(Buffer.compare(unpacked(toZBytes(message, { packed: true })), frame)).toBe(0);
  }
});

test.each(slicings)('a message received %s is packed as it lies', (_, slice) => {
  const sent = toSegments(manySegments());
  const received = fromZBytes(ZBytes.fromSegments(slice(sent)));
  expect(Buffer.compare(unpacked(toZBytes(received, { packed: true })), joined(sent))).toBe(0);
});

test('the memory of a packed payload is new, and counted', () => {
  const message = fullMessage();
  const before = joined(toSegments(message));
  for (const ownership of ['retain', 'transfer', 'copy'] as const) {
    const payload = toZBytes(message, { packed: true, ownership });
    expect(payload.segmentCount).toBe(1);
    expect(payload.ledger.snapshot().reasons).toEqual({ convert: payload.length });
  }
  expect(joined(toSegments(message))).toEqual(before);
  // Most of the memory for the worst case was not needed: what was is moved once more.
  const zeros = new Message();
  zeros.initRoot(Telemetry)._initFrame(100_000);
  const small = toZBytes(zeros, { packed: true });
  expect(small.length).toBeLessThan(250);
  expect(small.toBytes().buffer.byteLength).toBe(small.length);
  expect(small.ledger.snapshot().reasons).toEqual({ convert: 2 * small.length });
});

test('unpacking is counted where the payload counts; many slices are gathered before it', () => {
  const message = manySegments();
  const length = joined(toSegments(message)).length;
  const sent = toZBytes(message, { packed: true }).toBytes();
  const whole = new ZBytes(sent);
  contentOf(fromZBytes(whole, { packed: true }));
  expect(whole.ledger.snapshot().reasons).toEqual({ convert: length });
  const cut = ZBytes.fromSegments([sent.subarray(0, 100), sent.subarray(100)]);
  contentOf(fromZBytes(cut, { packed: true }));
  expect(cut.ledger.snapshot().reasons).toEqual({ gather: sent.length, convert: length });
});

test('a message outlives the packed payload that it came in', () => {
  const payload = toZBytes(fullMessage(), { packed: true });
  const message = fromZBytes(payload, { packed: true });
  payload[Symbol.dispose]();
  expect(contentOf(message)).toEqual(contentOf(fullMessage()));
});
