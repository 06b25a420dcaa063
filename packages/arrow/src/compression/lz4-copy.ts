// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Below this a loop is faster than a call that copies. */
const SHORT = 24;

/** Copies `length` bytes of `from` to `out` at `to`, and gives where they end; -1 when they don't fit. */
export function copyRun(from: Uint8Array, at: number, length: number, out: Uint8Array, to: number): number {
  const end = to + length;
  if (end > out.byteLength) return -1;
  if (length > SHORT) out.set(from.subarray(at, at + length), to);
  else for (let i = 0; i < length; i++) out[to + i] = from[at + i] as number;
  return end;
}

/**
 * Repeats `length` bytes from `offset` bytes back, which may be bytes that this very call writes; gives where they end,
 * or -1 when they don't fit or start before the beginning.
 */
export function copyMatch(out: Uint8Array, to: number, offset: number, length: number): number {
  const end = to + length;
  if (offset === 0 || offset > to || end > out.byteLength) return -1;
  if (length <= SHORT) {
    for (let i = to; i < end; i++) out[i] = out[i - offset] as number;
    return end;
  }
  // What is there doubles with each copy, until the rest fits.
  let done = 0;
  for (let there = offset; done < length; there += there) {
    const more = Math.min(there, length - done);
    out.copyWithin(to + done, to - offset, to - offset + more);
    done += more;
  }
  return end;
}
