// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { writeCorpus } from '../support/capnp/corpus.js';
import { withSchemas } from '../support/capnp/judged-schemas.js';
import { relaid } from '../support/capnp/layout.js';
import { type FuzzResult, fuzz } from '../support/fuzz/fuzz.js';
import { JsonPeer } from '../support/json-peer.js';
import { peerTest } from '../support/peers.js';
import { runSeed } from '../support/peers-bytes.js';
import { random } from '../support/random.js';

/**
 * Damaged messages, read whole in processes of their own. Each must end within 250 ms of CPU time and 64 MiB plus 16
 * times its size, in a value or a CapnpPayloadError; a failure is told with the seed and the input in base64.
 */

const seed = runSeed();
// A million: ZENOH_SEGMENTS_CAPNP_INPUTS=1000000.
const INPUTS = Number(process.env.ZENOH_SEGMENTS_CAPNP_INPUTS ?? 100_000);
const LIMIT_MS = 120_000 + 10 * INPUTS;
const SCHEMAS = 24;

peerTest(
  ['python', 'capnp'],
  `${INPUTS} damaged messages each end in a value or a typed error, in bounded time and memory`,
  async () => {
    const { failures, figures } = await withCorpus((corpus) =>
      fuzz({ program: 'capnp/fuzz-program.js', corpus, seed, count: INPUTS, heapMiB: 160 }),
    );
    process.stderr.write(`${figures.map((each) => JSON.stringify(each)).join('\n')}\n`);
    if (failures.length > 0) throw new Error(`${failures.length} kinds of failures:\n\n${failures.join('\n\n')}`);
    const sum = (of: 'inputs' | 'whole') => figures.reduce((total, each) => total + each[of], 0);
    expect(sum('inputs')).toBe(INPUTS);
    // The damage is of use: some is seen, and some leaves the message readable.
    expect(sum('whole')).toBeGreaterThan(INPUTS / 20);
    expect(sum('whole')).toBeLessThan((INPUTS * 19) / 20);
    for (const { codes, peakMiB } of figures) {
      expect(Object.keys(codes)).toEqual(expect.arrayContaining(['CAPNP_INVALID', 'CAPNP_LIMIT', 'CAPNP_TRUNCATED']));
      // Garbage of all inputs included, so that none hides behind a collection.
      expect(peakMiB).toBeLessThan(64);
    }
  },
  LIMIT_MS,
);

/** Random messages of random schemas, each as pycapnp lays it out and with its segments at random. */
function withCorpus(run: (path: string) => Promise<FuzzResult>): Promise<FuzzResult> {
  return withSchemas(seed, SCHEMAS, (schemas, request) =>
    JsonPeer.with('capnp_judge.py', async (judge) => {
      const messages = [];
      for (const [i, schema] of schemas.entries()) {
        for (const root of ['S0', 'S0Old']) {
          // One schema has large messages.
          const options = { schema: schema.path, root, seed: seed + i, count: 4, large: i === 0 };
          const built = await judge.call<string[]>('build', options);
          const packed = await judge.call<string[]>('packed', { schema: schema.path, root, messages: built });
          for (const [j, bytes] of built.entries()) {
            const other = relaid(Uint8Array.from(Buffer.from(bytes, 'base64')), random(seed + i));
            messages.push({ schema: schema.name, root, bytes, packed: packed[j]! });
            messages.push({ schema: schema.name, root, bytes: Buffer.from(other).toString('base64') });
          }
        }
      }
      const path = join(schemas[0]!.path, '..', 'corpus.json');
      writeCorpus(path, { request: Buffer.from(request).toString('base64'), messages });
      return run(path);
    }),
  );
}
