// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { fromZBytes, toSegments } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { runSeed } from '../../../support/peers-bytes.js';
import { random } from '../../../support/random.js';
import { fullMessage, inside, joined, manySegments, memoryOf, sparseMessage } from '../sample.js';
import { framed, mixedWords, packed, unpacked } from './frames.js';

const MEBIBYTE = 1024 * 1024;
const seed = runSeed();

test.each([
  ['one segment', () => joined(toSegments(fullMessage()))],
  ['many segments', () => joined(toSegments(manySegments()))],
  ['mostly zeros', () => joined(toSegments(sparseMessage()))],
  ['long runs', () => framed(mixedWords(random(seed)), new Uint8Array(8192), mixedWords(random(seed + 2)))],
])('every truncation of a message of %s is told', (_, make) => {
  const bytes = packed(make());
  for (let length = 0; length < bytes.length; length++) {
    expect(refusal(bytes.subarray(0, length))).toMatchObject({
      code: 'CAPNP_TRUNCATED',
      message: expect.stringMatching(
        /^no complete Cap'n Proto message: \d+ packed bytes (end in the word after \d+ unpacked bytes|can't hold \d+)$/,
      ),
    });
  }
  expect(unpacked(bytes)).toEqual(make());
});

test('what follows the message is told', () => {
  const bytes = packed(framed(new Uint8Array(16)));
  for (const more of [[0], [0, 0], [1, 1], [255]]) {
    expect(refusal(Uint8Array.from([...bytes, ...more]))).toMatchObject({
      code: 'CAPNP_INVALID',
      message: `${more.length} packed bytes follow the last segment`,
    });
  }
});

test.each([
  ['zero', [0x10, 2, 0x00, 2]],
  ['dense', [0x10, 2, 0xff, ...Array(8).fill(1), 2, ...Array(16).fill(1)]],
])('a %s run beyond the frame is refused', (_, bytes) => {
  expect(refusal(Uint8Array.from(bytes))).toMatchObject({
    code: 'CAPNP_INVALID',
    message: 'the packed bytes hold more than the 24 of their frame',
  });
});

test('the limits of a frame are those of the packed form', () => {
  const frame = framed(new Uint8Array(8), new Uint8Array(80));
  const open = (limits: object) => () => unpacked(packed(frame), limits);
  expect(open({ segmentLimit: 3, maxBytes: 88 })).not.toThrow();
  expect(thrown(open({ segmentLimit: 2 }))).toMatchObject({ code: 'CAPNP_LIMIT' });
  expect(thrown(open({ maxBytes: 87 }))).toMatchObject({ code: 'CAPNP_LIMIT' });
  expect(thrown(open({ packedRatio: 0 }))).toMatchObject({ code: 'CAPNP_INVALID' });
});

test('a frame of many segments is refused before its table is unpacked', () => {
  // A count of 2^32 - 1, and zeros.
  const bytes = Uint8Array.from([0x0f, 0xff, 0xff, 0xff, 0xff, 0, 255, 0, 255]);
  expect(refusal(bytes)).toMatchObject({ code: 'CAPNP_LIMIT' });
  // So many were allowed: the bytes that there are can not stand for them.
  expect(refusal(bytes, { segmentLimit: 2 ** 33 })).toMatchObject({
    code: 'CAPNP_TRUNCATED',
    message: "no complete Cap'n Proto message: 9 packed bytes can't hold 17179869192",
  });
});

test('zeros are a message up to 16 MiB and 16 times their packed length', () => {
  const zeros = (length: number) => packed(framed(new Uint8Array(length)));
  expect(unpacked(zeros(16 * MEBIBYTE))).toHaveLength(16 * MEBIBYTE + 8);
  const bomb = zeros(17 * MEBIBYTE);
  expect(refusal(bomb)).toMatchObject({
    code: 'CAPNP_LIMIT',
    message: `${bomb.length} packed bytes for a message of ${17 * MEBIBYTE + 8} are more than 16 to one`,
  });
  // The MiB too many is 60.2 times the packed length.
  expect(refusal(bomb, { packedRatio: 60 })).toMatchObject({ code: 'CAPNP_LIMIT' });
  expect(unpacked(bomb, { packedRatio: 61 })).toHaveLength(17 * MEBIBYTE + 8);
});

test('a few bytes that announce much cost nothing', () => {
  // One segment of 2 MiB, of which only a run of zeros comes.
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 200; i++) {
    expect(refusal(Uint8Array.from([0x40, 0x04, 0, 255]))).toMatchObject({ code: 'CAPNP_TRUNCATED' });
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * MEBIBYTE);
});

test('random bytes, and damaged messages, are refused or read; nothing beside them is read or written', () => {
  const below = random(seed);
  const codes = new Set<string>();
  for (let round = 0; round < 3000; round++) {
    const bytes = packed(framed(mixedWords(below).subarray(0, 8 * (1 + below(60)))));
    for (let i = below(4); i >= 0; i--) bytes[below(bytes.length)] = below(3) === 0 ? 0 : below(256);
    const received = inside(bytes, 1 + below(8));
    const before = memoryOf([received]);
    try {
      const frame = unpacked(received);
      expect(packed(frame).length).toBeLessThanOrEqual(frame.length * 1.25);
    } catch (error) {
      codes.add((error as { code: string }).code);
    }
    expect(memoryOf([received]).equals(before)).toBe(true);
  }
  // A seed may have no damage that makes a frame too large.
  codes.delete('CAPNP_LIMIT');
  expect([...codes].sort()).toEqual(['CAPNP_INVALID', 'CAPNP_TRUNCATED']);
});

function refusal(bytes: Uint8Array, limits = {}): unknown {
  return thrown(() => fromZBytes(new ZBytes(bytes), { packed: true, ...limits }));
}

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
