// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { peerTest, pythonPath } from '../support/peers.js';
import { withFolder } from './data.js';
import { batchesOf, published } from './published.js';

/** Three batches, with a dictionary, of values that are worth compressing and some that are not. */
const PYTHON = `
import sys
import pyarrow as pa

path, kind, codec = sys.argv[1:]
def batch(start):
    rows = range(start, start + 5000)
    return pa.record_batch({
        "x": pa.array(rows, pa.int64()),
        "name": pa.array([f"row {i % 10}" for i in rows]),
        "kind": pa.array(["a", "b", None, "c", "a"] * 1000).dictionary_encode(),
        "one": pa.array([True] * 5000),
    })
batches = [batch(i * 5000) for i in range(3)]
make = pa.ipc.new_file if kind == "file" else pa.ipc.new_stream
with make(path, batches[0].schema, options=pa.ipc.IpcWriteOptions(compression=codec)) as writer:
    for each in batches:
        writer.write_batch(each)
`;

for (const [kind, codec, piped] of [
  ['file', 'lz4', false],
  ['stream', 'zstd', false],
  ['stream', 'lz4', true],
] as const) {
  const name = `a compressed Arrow ${kind}${piped ? ' from a pipe' : ''} goes into shared memory decompressed`;
  peerTest('python', `${name} (${codec})`, () =>
    withFolder(async (folder) => {
      const path = `${folder}/compressed`;
      const { status, stderr } = spawnSync(pythonPath(), ['-c', PYTHON, path, kind, codec], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      const { pub, samples } = await (piped
        ? published(['--shm', '4'], readFileSync(path))
        : published(['--shm', '4', path]));
      expect(pub.code).toBe(0);
      expect(samples.map(({ isShm }) => isShm)).toEqual([true, true, true]);
      // The stock reader takes nothing compressed.
      const batches = batchesOf(samples);
      expect(batches.map(({ numRows }) => numRows)).toEqual([5000, 5000, 5000]);
      for (const [i, batch] of batches.entries()) {
        const row = (at: number) =>
          JSON.parse(JSON.stringify(batch.get(at), (_, v) => (typeof v === 'bigint' ? Number(v) : v)));
        expect(row(0)).toEqual({ x: i * 5000, name: 'row 0', kind: 'a', one: true });
        expect(row(4998)).toEqual({ x: i * 5000 + 4998, name: 'row 8', kind: 'c', one: true });
      }
      expect(pub.summary?.reasons?.decompress).toBeGreaterThan(3 * 5000 * 8);
    }),
  );
}
