// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import { fromZBytes, toSegments } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { peerTest } from '../../../support/peers.js';
import { hex, runSeed } from '../../../support/peers-bytes.js';
import { PythonPeer } from '../../../support/python.js';
import { random } from '../../../support/random.js';
import { joined, memoryOf, slicings } from '../sample.js';
import { type Content, type Version, versions } from './content.js';
import { type Fields, randomFields, sent } from './fields.js';

// The outside judge of what a program of one version reads in a message of another: pycapnp, by both schemas.
const PROGRAM = 'evolution_peer.py';
const VERSIONS = Object.keys(versions) as Version[];
const SLICINGS = slicings.filter(([how]) => /^contiguous|^misaligned|7 B$/.test(how));

const seed = runSeed();

describe.each(VERSIONS)('written by the %s schema', (writer) => {
  const kinds = Object.entries(sent[writer]);

  for (const [kind, fields] of kinds) {
    peerTest('python', `${kind}: both schemas read what pycapnp reads by them, in one segment and in several`, () =>
      PythonPeer.with(PROGRAM, async (python) => {
        for (const words of [4096, 1]) await compare(python, await write(python, writer, fields, words));
      }),
    );
  }

  peerTest('python', 'random fields: both schemas read what pycapnp reads by them', () =>
    PythonPeer.with(PROGRAM, async (python) => {
      const below = random(seed);
      for (let round = 0; round < 60; round++) {
        await compare(python, await write(python, writer, randomFields(writer, below), 1 + below(100)));
      }
    }),
  );

  peerTest('python', 'a copy has all of it, whichever schema the copier knows', () =>
    PythonPeer.with(PROGRAM, async (python) => {
      for (const [kind, fields] of kinds) {
        for (const words of [4096, 1]) {
          const message = await write(python, writer, fields, words);
          const copy = hex(joined(toSegments(fromZBytes(new ZBytes(Buffer.from(message, 'hex'))).copy())));
          for (const reader of VERSIONS) {
            const expected = await python.call<Content>('read', { version: reader, message });
            expect([kind, await python.call('read', { version: reader, message: copy })]).toEqual([kind, expected]);
          }
          await compare(python, copy);
        }
      }
    }),
  );
});

/** A message of pycapnp, in hex. */
function write(python: PythonPeer, version: Version, { fields, unset = {} }: Fields, words: number): Promise<string> {
  return python.call('write', { version, fields, unset, first_segment_words: words });
}

/** Reads a message by both schemas, however it is cut, and leaves it as it was. */
async function compare(python: PythonPeer, message: string): Promise<void> {
  for (const reader of VERSIONS) {
    const expected = await python.call<Content>('read', { version: reader, message });
    for (const [how, slice] of SLICINGS) {
      const slices = slice([Uint8Array.from(Buffer.from(message, 'hex'))]);
      const before = memoryOf(slices);
      const payload = ZBytes.fromSegments(slices);
      // With the label: which of these it was.
      expect([reader, how, versions[reader](fromZBytes(payload))]).toEqual([reader, how, expected]);
      expect(memoryOf(slices).equals(before)).toBe(true);
      // Defaults are read without making room for them.
      if (slices.length === 1) payload.assertZeroCopy();
    }
  }
}
