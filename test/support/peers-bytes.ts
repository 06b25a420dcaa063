// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createHash } from 'node:crypto';

/** Bytes as lower-case hex, as Python writes them. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** The hash of the concatenation, in hex. */
export function sha256(...segments: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const segment of segments) hash.update(segment);
  return hash.digest('hex');
}

/** Bytes that depend on the seed alone (xorshift32). */
export function seededBytes(seed: number, length: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed | 1;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}

/** The seed of this run, printed: set SEED to run the same again. */
export function runSeed(): number {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  process.stderr.write(`SEED=${seed}\n`);
  return seed;
}
