// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Data } from 'apache-arrow';
import { VIEW_BYTES, VIEW_INLINE_BYTES } from '../types.js';
import type { Conversion } from './conversion.js';
import { bytesOf, fixedPieces, type Piece, valuesOf } from './pieces.js';

/** Data buffers below this size, or this many bytes for each row, are not worth a look at what rows refer to. */
const WORTH_A_LOOK = 4096;
const BYTES_PER_ROW = 256;

/** One chunk of views, and of each of its data buffers the bytes [begin, end) that go out. */
interface Run {
  readonly chunk: Data;
  readonly begin: Float64Array;
  readonly end: Float64Array;
  /** Index of its first data buffer. */
  readonly first: number;
}

/**
 * The chunks of a column of views.
 *
 * A slice of a column has all of its data buffers: where less than half of their bytes is between the first and the
 * last that the rows refer to, only that goes out, and the views are written anew.
 */
export class Views {
  readonly #runs: readonly Run[];

  constructor(chunks: readonly Data[]) {
    let first = 0;
    this.#runs = chunks.map((chunk) => {
      const run = runOf(chunk, first);
      first += chunk.variadicBuffers.length;
      return run;
    });
  }

  pieces(name: string): Piece[] {
    return this.#runs.flatMap((run) => {
      const pieces = fixedPieces(run.chunk, VIEW_BYTES, name);
      const [views, ...more] = pieces;
      if (run.first === 0 && run.begin.every((begin) => begin === 0)) return pieces;
      return [new MovedViews(views as Uint8Array, run), ...more];
    });
  }

  /** The data buffers of all chunks. */
  buffers(): Uint8Array[] {
    return this.#runs.flatMap(({ chunk, begin, end }) =>
      chunk.variadicBuffers.map((buffer, index) => bytesOf(buffer).subarray(begin[index], end[index])),
    );
  }
}

function runOf(chunk: Data, first: number): Run {
  const { length, offset, variadicBuffers } = chunk;
  const begin = new Float64Array(variadicBuffers.length);
  const end = Float64Array.from(variadicBuffers, ({ byteLength }) => byteLength);
  const bytes = end.reduce((sum, each) => sum + each, 0);
  if (bytes < WORTH_A_LOOK || (offset === 0 && bytes < length * BYTES_PER_ROW)) return { chunk, begin, end, first };
  const used = usedOf(chunk, end);
  const needed = used.end.reduce((sum, each, index) => sum + each - (used.begin[index] as number), 0);
  return needed * 2 < bytes ? { chunk, first, ...used } : { chunk, begin, end, first };
}

/** Of each data buffer the bytes from the first to the last that a view refers to. */
function usedOf(chunk: Data, sizes: Float64Array): { readonly begin: Float64Array; readonly end: Float64Array } {
  const begin = new Float64Array(sizes.length).fill(Number.MAX_SAFE_INTEGER);
  const end = new Float64Array(sizes.length);
  const words = wordsOf(valuesOf(chunk));
  const rows = Math.min(chunk.length, Math.floor(words.byteLength / VIEW_BYTES));
  for (let row = 0; row < rows; row++) {
    const at = row * VIEW_BYTES;
    const length = words.getInt32(at, true);
    // A null may have any view.
    if (length <= VIEW_INLINE_BYTES || !chunk.getValid(row)) continue;
    const index = words.getInt32(at + 8, true);
    const offset = words.getInt32(at + 12, true);
    // A view that leads outside is sent as it is found.
    if (offset < 0 || offset + length > (sizes[index] ?? 0)) continue;
    if (offset < (begin[index] as number)) begin[index] = offset;
    if (offset + length > (end[index] as number)) end[index] = offset + length;
  }
  for (let index = 0; index < sizes.length; index++) if (end[index] === 0) begin[index] = 0;
  return { begin, end };
}

/** Views of data buffers that come after others, or begin later. */
class MovedViews implements Conversion {
  readonly byteLength: number;
  readonly #views: Uint8Array;
  readonly #run: Run;

  constructor(views: Uint8Array, run: Run) {
    this.byteLength = views.byteLength;
    this.#views = views;
    this.#run = run;
  }

  writeTo(target: Uint8Array): void {
    const { begin, end, first } = this.#run;
    target.set(this.#views);
    const words = wordsOf(target);
    for (let at = 0; at < this.byteLength; at += VIEW_BYTES) {
      if (words.getInt32(at, true) <= VIEW_INLINE_BYTES) continue;
      const index = words.getInt32(at + 8, true);
      const offset = words.getInt32(at + 12, true);
      if (offset < (begin[index] ?? 0) || offset > (end[index] ?? -1)) continue;
      words.setInt32(at + 8, index + first, true);
      words.setInt32(at + 12, offset - (begin[index] as number), true);
    }
  }
}

function wordsOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
