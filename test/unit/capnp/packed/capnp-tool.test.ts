// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { execFileSync } from 'node:child_process';
import { expect } from '@jest/globals';
import { peerTest } from '../../../support/peers.js';
import { runSeed } from '../../../support/peers-bytes.js';
import { random } from '../../../support/random.js';
import { seededBytes } from '../../../support/seeded-bytes.js';
import { joined } from '../sample.js';
import { dataMessage, mixedWords, packed, unpacked } from './frames.js';

// Cap'n Proto's own tool. It takes a stream of messages, and writes each of them anew: as its own frame, and packed.
const seed = runSeed();
const MESSAGES = 300;

peerTest('capnp', 'we pack random messages into the bytes that the tool packs them into', () => {
  const frames = split(convert('binary:binary', joined(randomMessages())));
  expect(frames).toHaveLength(MESSAGES);
  const expected = convert('binary:packed', joined(frames));
  expect(Buffer.compare(joined(frames.map(packed)), expected)).toBe(0);
});

peerTest('capnp', 'the tool unpacks what we packed', () => {
  const messages = randomMessages();
  const expected = convert('binary:binary', joined(messages));
  expect(Buffer.compare(convert('packed:binary', joined(messages.map(packed))), expected)).toBe(0);
});

peerTest('capnp', 'we unpack what the tool packed', () => {
  for (const frame of split(convert('binary:binary', joined(randomMessages().slice(0, 20))))) {
    expect(Buffer.compare(unpacked(Uint8Array.from(convert('binary:packed', frame))), frame)).toBe(0);
  }
});

function randomMessages(): Uint8Array[] {
  const below = random(seed);
  return Array.from({ length: MESSAGES }, (_, i) =>
    dataMessage(i % 10 === 0 ? seededBytes(seed + i, below(3000)) : mixedWords(below)),
  );
}

/** Cuts a stream of messages into their frames. */
function split(stream: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(stream);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const count = bytes.readUInt32LE(at) + 1;
    let length = (4 + 4 * count + 7) & ~7;
    for (let i = 1; i <= count; i++) length += 8 * bytes.readUInt32LE(at + 4 * i);
    frames.push(Uint8Array.from(bytes.subarray(at, at + length)));
    at += length;
  }
  return frames;
}

function convert(formats: string, input: Uint8Array): Buffer {
  return execFileSync('capnp', ['convert', formats], { input, maxBuffer: 64 * 1024 * 1024 });
}
