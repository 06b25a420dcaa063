// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Ledger } from './ledger.js';

/** Bytes: that of Arrow's buffers, the largest which a format in use asks for. */
const ALIGNMENT = 64;

/**
 * Joins each run of neighbours that are all smaller than `below` bytes, for payloads of so many small segments that each costs more
 * than its bytes.
 *
 * A joined segment keeps the alignment, to 64 bytes, that its place in the payload has, so that a receiver of the very segments can
 * still read in place.
 *
 * @param ledger where the joined bytes are counted, as `coalesce`
 * @returns the joined ones in new memory, all others as they are
 */
export function coalesce(segments: readonly Uint8Array[], below: number, ledger: Ledger | undefined): Uint8Array[] {
  const out: Uint8Array[] = [];
  let position = 0;
  for (let i = 0; i < segments.length; ) {
    let end = i;
    let length = 0;
    while (end < segments.length && (segments[end] as Uint8Array).byteLength < below) {
      length += (segments[end++] as Uint8Array).byteLength;
    }
    if (end - i < 2) {
      const segment = segments[i++] as Uint8Array;
      out.push(segment);
      position += segment.byteLength;
      continue;
    }
    out.push(join(segments.slice(i, end), length, position % ALIGNMENT));
    ledger?.count('coalesce', length);
    position += length;
    i = end;
  }
  return out;
}

function join(segments: readonly Uint8Array[], length: number, offset: number): Uint8Array {
  const joined = new Uint8Array(offset + length).subarray(offset);
  let at = 0;
  for (const segment of segments) {
    joined.set(segment, at);
    at += segment.byteLength;
  }
  return joined;
}
