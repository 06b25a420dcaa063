// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { CapnpPayloadError, fromZBytes, toSegments } from '@zenoh-segments/capnp';
import { ZBytes, ZenohError } from '@zenoh-segments/core';
import { contentOf, fullMessage, joined, manySegments } from './sample.js';

/** A frame whose table has `sizes` (in words), and `bytes` bytes after it. */
function frame(count: number, sizes: readonly number[], bytes: number): Uint8Array {
  const table = (4 + 4 * sizes.length + 7) & ~7;
  const out = new DataView(new ArrayBuffer(table + bytes));
  out.setUint32(0, count - 1, true);
  sizes.forEach((size, i) => {
    out.setUint32(4 + 4 * i, size, true);
  });
  return new Uint8Array(out.buffer);
}

const words = (...sizes: number[]) => frame(sizes.length, sizes, 8 * sizes.reduce((sum, size) => sum + size, 0));

test.each([
  ['an empty payload', new Uint8Array(0), 'CAPNP_TRUNCATED'],
  ['three bytes', new Uint8Array(3), 'CAPNP_TRUNCATED'],
  ['a count of 0xFFFFFFFE', frame(0xffffffff, [1], 0), 'CAPNP_LIMIT'],
  ['a count of 0xFFFFFFFF', frame(0x100000000, [1], 0), 'CAPNP_LIMIT'],
  ['512 segments', words(1, ...Array(511).fill(0)), 'CAPNP_LIMIT'],
  ['513 segments', words(1, ...Array(512).fill(0)), 'CAPNP_LIMIT'],
  ['a table beyond the payload', frame(511, [1], 8), 'CAPNP_TRUNCATED'],
  ['a table without its padding', frame(2, [1, 0], 0).subarray(0, 12), 'CAPNP_TRUNCATED'],
  ['a segment beyond the payload', frame(1, [2], 8), 'CAPNP_TRUNCATED'],
  ['a second segment beyond the payload', frame(2, [1, 1], 8), 'CAPNP_TRUNCATED'],
  ['32 GiB', frame(1, [0xffffffff], 8), 'CAPNP_LIMIT'],
  ['16 TiB', frame(511, Array(511).fill(0xffffffff), 8), 'CAPNP_LIMIT'],
  ['a trailing byte', frame(1, [1], 9), 'CAPNP_INVALID'],
  ['a trailing word', frame(1, [1], 16), 'CAPNP_INVALID'],
  ['a first segment without a root pointer', words(0, 1), 'CAPNP_INVALID'],
])('%s is refused, whole or in slices, before anything is allocated for it', (_, bytes, code) => {
  for (const slices of [[bytes], [...bytes].map((byte) => Uint8Array.of(byte))]) {
    const payload = ZBytes.fromSegments(slices);
    const error = thrown(() => fromZBytes(payload));
    expect(error).toBeInstanceOf(CapnpPayloadError);
    expect(error).toBeInstanceOf(ZenohError);
    expect(error).toMatchObject({ code, name: 'CapnpPayloadError' });
    // Nothing but the table was gathered.
    expect(payload.ledger.copied).toBeLessThanOrEqual(Math.min(bytes.length, 4 + 4 * 511));
  }
});

test.each([
  ['one segment', fullMessage],
  ['many segments', manySegments],
])('a message of %s truncated at any byte is refused', (_, make) => {
  const bytes = joined(toSegments(make()));
  for (let length = 0; length < bytes.length; length++) {
    expect(thrown(() => fromZBytes(new ZBytes(bytes.subarray(0, length))))).toMatchObject({ code: 'CAPNP_TRUNCATED' });
  }
});

test('511 segments, most of them empty, are a message', () => {
  const message = fromZBytes(new ZBytes(words(1, ...Array(510).fill(0))));
  expect(contentOf(message)).toMatchObject({ sequence: 0n, temperature: -40, readings: [] });
});

test("limits are the caller's, and have to make sense", () => {
  const bytes = joined(toSegments(fullMessage()));
  const open = (limits: Parameters<typeof fromZBytes>[1]) => () => fromZBytes(new ZBytes(bytes), limits);
  expect(open({ segmentLimit: 2, maxBytes: bytes.length - 8 })).not.toThrow();
  expect(thrown(open({ maxBytes: bytes.length - 16 }))).toMatchObject({ code: 'CAPNP_LIMIT' });
  expect(thrown(open({ segmentLimit: 1 }))).toMatchObject({ code: 'CAPNP_LIMIT' });
  for (const limits of [{ segmentLimit: 0 }, { maxBytes: -1 }, { depth: Number.NaN }, { traversalBytes: 0 }]) {
    expect(thrown(open(limits))).toMatchObject({ code: 'CAPNP_INVALID' });
  }
});

test('a message that readers would refuse is not sent', () => {
  const message = manySegments();
  while (message._capnp.segments.length < 512) message.allocateSegment(8);
  expect(thrown(() => toSegments(message))).toMatchObject({ code: 'CAPNP_LIMIT' });
});

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
