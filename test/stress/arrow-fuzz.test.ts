// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { decodeBatches } from '@zenoh-segments/arrow';
import { ZBytes } from '@zenoh-segments/core';
import type { Column } from '../support/arrow/column.js';
import { readCorpus, textOf } from '../support/arrow/corpus.js';
import { StreamInputs } from '../support/arrow/inputs.js';
import { fuzz } from '../support/fuzz/fuzz.js';
import { JsonPeer } from '../support/json-peer.js';
import { peerTest } from '../support/peers.js';
import { runSeed } from '../support/peers-bytes.js';
import { random } from '../support/random.js';
import { writeCorpus } from './arrow-corpus.js';

/**
 * Damaged IPC streams, read whole in processes of their own with a small heap. Each must end within 250 ms of CPU time and
 * 64 MiB plus 16 times its size, in values or an ArrowPayloadError; a failure is told with the seed and the input in
 * base64. What we read of some of them must be what pyarrow reads.
 */

const seed = runSeed();
// A million: ZENOH_SEGMENTS_ARROW_INPUTS=1000000.
const INPUTS = Number(process.env.ZENOH_SEGMENTS_ARROW_INPUTS ?? 100_000);
const LIMIT_MS = 120_000 + 10 * INPUTS;
const HEAP_MIB = 256;
/** Those that pyarrow is asked about. */
const JUDGED = Math.min(4000, INPUTS);
const AT_ONCE = 50;

let folder: string;
let corpus: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-arrow-'));
  corpus = join(folder, 'corpus.json');
});
afterAll(() => rmSync(folder, { recursive: true }));

peerTest(
  'python',
  `${INPUTS} damaged streams each end in values or a typed error, in bounded time and memory`,
  async () => {
    await JsonPeer.with('arrow_judge.py', (judge) => writeCorpus(corpus, judge));
    const inputs = new StreamInputs(readCorpus(corpus));
    expect(inputs.cutStreams).toBe(20);
    expect(inputs.cuts).toBeLessThan(INPUTS / 2);
    const { failures, figures } = await fuzz({
      program: 'arrow/fuzz-program.js',
      corpus,
      seed,
      count: INPUTS,
      heapMiB: HEAP_MIB,
    });
    process.stderr.write(`${figures.map((each) => JSON.stringify(each)).join('\n')}\n`);
    if (failures.length > 0) throw new Error(`${failures.length} kinds of failures:\n\n${failures.join('\n\n')}`);
    const sum = (of: 'inputs' | 'whole') => figures.reduce((total, each) => total + each[of], 0);
    expect(sum('inputs')).toBe(INPUTS);
    // The damage is of use: some is seen, and some leaves the stream readable.
    expect(sum('whole')).toBeGreaterThan(INPUTS / 20);
    expect(sum('whole')).toBeLessThan((INPUTS * 19) / 20);
    const codes = figures.flatMap((each) => Object.keys(each.codes));
    const often = ['ARROW_INVALID', 'ARROW_LIMIT', 'ARROW_TRUNCATED', 'ARROW_NO_SCHEMA', 'ARROW_UNSUPPORTED_TYPE'];
    expect(codes).toEqual(expect.arrayContaining(often));
    // Garbage of all inputs included, so that none hides behind a collection.
    for (const { peakMiB } of figures) expect(peakMiB).toBeLessThan(128);
  },
  LIMIT_MS,
);

peerTest(
  'python',
  'what we read of damaged streams is what pyarrow reads of them, where it does',
  () =>
    JsonPeer.with('arrow_judge.py', async (judge) => {
      await writeCorpus(corpus, judge);
      const inputs = new StreamInputs(readCorpus(corpus));
      const below = random(seed);
      const seen = { both: 0, ours: 0, pyarrow: 0, none: 0 };
      const failures: string[] = [];
      for (let done = 0; done < JUDGED; done += AT_ONCE) {
        const some = Array.from({ length: AT_ONCE }, () => inputs.at(below, inputs.cuts));
        const streams = some.map(({ bytes }) => Buffer.from(bytes).toString('base64'));
        const told = await judge.call<{ batches?: Column[][]; error?: string }[]>('judge', { streams });
        for (const [i, { bytes, of }] of some.entries()) {
          const ours = valuesOf(bytes);
          const theirs = told[i]!.batches?.map((columns) => JSON.stringify(columns));
          if (ours === undefined) seen[theirs === undefined ? 'none' : 'pyarrow']++;
          else if (theirs === undefined) seen.ours++;
          else if (`${ours}` === `${theirs}`) seen.both++;
          else failures.push(`${of}: ours ${ours}\npyarrow ${theirs}\n${streams[i]}`);
        }
      }
      process.stderr.write(`${JSON.stringify(seen)}\n`);
      if (failures.length > 0) throw new Error(`SEED=${seed}: ${failures.length} differ, the first: ${failures[0]}`);
      expect(seen.both).toBeGreaterThan(JUDGED / 10);
    }),
  LIMIT_MS,
);

/** The batches as texts; undefined if the stream is refused. */
function valuesOf(bytes: Uint8Array): string[] | undefined {
  try {
    return decodeBatches(new ZBytes(bytes), { validate: 'full' }).map(textOf);
  } catch {
    return undefined;
  }
}
