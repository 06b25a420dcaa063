// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Data } from 'apache-arrow';
import { invalid } from '../errors.js';
import { NO_OFFSETS, type Offsets, offsetWidthOf } from '../types.js';
import type { Conversion } from './conversion.js';

/** The offsets of one run of variable-length values. */
interface OffsetRun {
  readonly offsets: Offsets;
  /** Values, one less than offsets. Offsets that are missing equal the last one there is. */
  readonly length: number;
}

/** The offsets of chunks that follow each other: those of the only chunk when they start at 0, otherwise joined anew. */
export function offsetPiece(chunks: readonly Data[], length: number, width: 4 | 8): Uint8Array | Conversion {
  const [chunk] = chunks;
  const offsets = chunk === undefined || length === 0 ? NO_OFFSETS[width] : offsetsOf(chunk);
  // Both 0 and 0n are what is looked for.
  if (chunks.length <= 1 && !offsets[0] && offsets.length > length) {
    return new Uint8Array(offsets.buffer, offsets.byteOffset, (length + 1) * width);
  }
  const runs = chunks.map((each) => ({ offsets: offsetsOf(each), length: each.length }));
  return new JoinedOffsets(runs, length, width);
}

/** The first and the last offset that a chunk uses. */
export function spanOf(chunk: Data, size: number, name: string): readonly [number, number] {
  const offsets = offsetsOf(chunk);
  const begin = Number(offsets[0] ?? 0);
  const end = Number(offsets[Math.min(chunk.length, offsets.length - 1)] ?? begin);
  if (begin < 0 || end < begin || end > size) throw invalid('the offsets point outside the values', name);
  return [begin, end];
}

/**
 * The offsets of a chunk as far as they are set.
 *
 * A builder's spare offsets are 0. When arrow-js lengthens a column with nulls they become part of it, and fall.
 */
function offsetsOf(chunk: Data): Offsets {
  const offsets: Offsets = chunk.valueOffsets ?? NO_OFFSETS[offsetWidthOf(chunk.type)];
  let last = Math.min(chunk.length, offsets.length - 1);
  while (last > 0 && !offsets[last]) last--;
  return last <= 0 || last >= chunk.length ? offsets : offsets.subarray(0, last + 1);
}

/** Runs of offsets joined into one list that starts at 0. */
class JoinedOffsets implements Conversion {
  readonly byteLength: number;
  readonly #runs: readonly OffsetRun[];
  readonly #width: 4 | 8;

  constructor(runs: readonly OffsetRun[], length: number, width: 4 | 8) {
    this.#runs = runs;
    this.#width = width;
    this.byteLength = (length + 1) * width;
  }

  writeTo(target: Uint8Array): void {
    if (this.#width === 8) this.#writeWide(target);
    else this.#writeNarrow(target);
  }

  #writeNarrow(target: Uint8Array): void {
    const out = new Int32Array(target.buffer, target.byteOffset, this.byteLength / 4);
    let at = 0;
    let end = 0;
    out[0] = 0;
    for (const { offsets, length } of this.#runs as readonly { offsets: Int32Array; length: number }[]) {
      const shift = end - (offsets[0] ?? 0);
      for (let i = 1; i <= length; i++) {
        if (i < offsets.length) end = (offsets[i] as number) + shift;
        out[++at] = end;
      }
    }
  }

  #writeWide(target: Uint8Array): void {
    const out = new BigInt64Array(target.buffer as ArrayBuffer, target.byteOffset, this.byteLength / 8);
    let at = 0;
    let end = 0n;
    out[0] = 0n;
    for (const { offsets, length } of this.#runs as readonly { offsets: BigInt64Array; length: number }[]) {
      const shift = end - (offsets[0] ?? 0n);
      for (let i = 1; i <= length; i++) {
        if (i < offsets.length) end = (offsets[i] as bigint) + shift;
        out[++at] = end;
      }
    }
  }
}
