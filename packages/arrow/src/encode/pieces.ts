// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Data } from 'apache-arrow';
import { invalid } from '../errors.js';
import { type BitRun, type Conversion, JoinedBits, ZeroValues } from './conversion.js';
import { spanOf } from './offsets.js';

/** A run of a body buffer's bytes: the batch's own memory, or values still to be written. */
export type Piece = Uint8Array | Conversion;

const NO_VALUES = new Uint8Array(0);

/** A view of the bytes of a typed array. Of memory that was transferred away no view can be made, not even of nothing. */
export function bytesOf(view: ArrayBufferView): Uint8Array {
  if (view.byteLength === 0) return NO_VALUES;
  return view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

export function lengthOf(chunks: readonly Data[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

/** arrow-js computes -1 for a slice that has no bitmap. */
export function nullsIn(chunks: readonly Data[]): number {
  return chunks.reduce((sum, chunk) => sum + Math.max(chunk.nullCount, 0), 0);
}

/** The bytes of a chunk's values. */
export function valuesOf(chunk: Data): Uint8Array {
  return bytesOf(chunk.values ?? NO_VALUES);
}

/** Whether rows are missing that are not null: arrow-js lengthens a column with nulls without lengthening its buffers. */
export function lacksRows(chunk: Data, present: number): boolean {
  const missing = chunk.length - present;
  return missing > 0 && chunk.nullCount < missing;
}

export function boolRun(chunk: Data, name: string): BitRun {
  const bytes = valuesOf(chunk);
  const { offset: start, length } = chunk;
  if (lacksRows(chunk, bytes.byteLength * 8 - start)) throw invalid('there are fewer values than rows', name);
  return { bytes, start, length };
}

export function validityRuns(chunks: readonly Data[], name: string): BitRun[] {
  return chunks.map((chunk) => {
    const { offset: start, length } = chunk;
    if (chunk.nullCount <= 0) return { bytes: undefined, start: 0, length };
    const bytes = chunk.nullBitmap;
    if (bytes === undefined || bytes.byteLength * 8 < start + length) {
      throw invalid('the validity bitmap is shorter than the column', name);
    }
    return { bytes, start, length };
  });
}

/** A view where the bits start at a byte and are all there; otherwise they are shifted. */
export function bitPieces(runs: readonly BitRun[], length: number): Piece[] {
  const [run] = runs;
  if (runs.length === 1 && run?.bytes !== undefined && run.start % 8 === 0) {
    const first = run.start >>> 3;
    const bytes = run.bytes.subarray(first, first + ((length + 7) >>> 3));
    if (bytes.byteLength * 8 >= length) return [bytes];
  }
  return [new JoinedBits(runs, length)];
}

export function fixedPieces(chunk: Data, width: number, name: string): Piece[] {
  const values = valuesOf(chunk);
  const needed = chunk.length * width;
  if (values.byteLength >= needed) return [values.subarray(0, needed)];
  if (lacksRows(chunk, Math.floor(values.byteLength / width))) throw invalid('there are fewer values than rows', name);
  return [values, new ZeroValues(needed - values.byteLength)];
}

export function typeIdsOf({ length, typeIds = NO_VALUES }: Data, name: string): Uint8Array {
  if (typeIds.length < length) throw invalid('there are fewer type ids than rows', name);
  return bytesOf(typeIds).subarray(0, length);
}

/** The bytes that the offsets of text or of binary values refer to. */
export function spanBytes(chunk: Data, name: string): Uint8Array {
  const values = valuesOf(chunk);
  return values.subarray(...spanOf(chunk, values.byteLength, name));
}

/** The items that a list refers to; apache-arrow leaves the items of an empty list out. */
export function itemsOf(chunk: Data, name: string): Data[] {
  const [child] = chunk.children;
  const [begin, end] = spanOf(chunk, child?.length ?? 0, name);
  if (child === undefined) return [];
  return [end - begin === child.length ? child : child.slice(begin, end - begin)];
}

/** The child of a struct or a batch, with as many values as its parent. */
export function childOf(chunk: Data, index: number, name: string): Data[] {
  return resized(chunk.children[index], chunk.length, name);
}

/** Exactly `length` values of a child; where there are none, it may be absent. */
export function resized(child: Data | undefined, length: number, name: string): Data[] {
  if (child === undefined && length === 0) return [];
  if (child === undefined) throw invalid('the column has no data', name);
  if (child.length === length) return [child];
  return [child.length > length ? child.slice(0, length) : child._changeLengthAndBackfillNullBitmap(length)];
}
