// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/**
 * The same bytes in pieces of whole words. A word that lies in several segments (the end of adopted data and the padding
 * after it) is put together in a piece of its own.
 */
export function* wholeWords(segments: readonly Uint8Array[]): Generator<Uint8Array> {
  let cut = new Uint8Array(8);
  let filled = 0;
  for (const segment of segments) {
    let start = 0;
    if (filled > 0) {
      start = Math.min(8 - filled, segment.byteLength);
      cut.set(segment.subarray(0, start), filled);
      filled += start;
      if (filled < 8) continue;
      yield cut;
      cut = new Uint8Array(8);
      filled = 0;
    }
    const rest = (segment.byteLength - start) % 8;
    const end = segment.byteLength - rest;
    if (start < end) yield segment.subarray(start, end);
    cut.set(segment.subarray(end));
    filled = rest;
  }
}
