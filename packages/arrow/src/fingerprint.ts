// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

const FINGERPRINT_BYTES = 16;

/** 32 lower-case hexadecimal digits: the first 16 bytes of SHA-256 over the segments in order, however they are cut. */
export function fingerprintOf(segments: Iterable<Uint8Array>): string {
  const hash = sha256.create();
  for (const segment of segments) hash.update(segment);
  return bytesToHex(hash.digest().subarray(0, FINGERPRINT_BYTES));
}
