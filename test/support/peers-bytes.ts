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

/** The seed of this run, printed: set SEED to run the same again. */
export function runSeed(): number {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.info(`SEED=${seed}`);
  return seed;
}
