// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, type DataType, type Dictionary, util } from 'apache-arrow';
import { invalid } from '../errors.js';
import { type BitRun, type Conversion, JoinedBits, ZeroValues } from './conversion.js';

/** A run of a body buffer's bytes: the batch's own memory, or values still to be written. */
export type Piece = Uint8Array | Conversion;

/** A view of the bytes of a typed array. */
export function bytesOf(view: ArrayBufferView): Uint8Array {
  return view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

export function lengthOf(chunks: readonly Data[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

/** arrow-js computes -1 for a slice that has no bitmap. */
export function nullsIn(chunks: readonly Data[]): number {
  return chunks.reduce((sum, chunk) => sum + Math.max(chunk.nullCount, 0), 0);
}

/** apache-arrow's RecordBatch mixes the types of columns that share a name up; sent, that would be wrong values. */
export function checkChunk(type: DataType, chunk: Data, name: string): void {
  if (chunk.type === type) return;
  const expected = (type as Partial<Dictionary>).indices ?? type;
  const actual = (chunk.type as Partial<Dictionary>).indices ?? chunk.type;
  if (chunk.typeId !== type.typeId || !util.compareTypes(expected, actual)) {
    throw invalid(`the schema says ${type}, the data is ${chunk.type}`, name);
  }
}

export function boolRun(chunk: Data): BitRun {
  return { bytes: bytesOf(chunk.values), start: chunk.offset, length: chunk.length };
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
  const values = bytesOf(chunk.values);
  const needed = chunk.length * width;
  if (values.byteLength >= needed) return [values.subarray(0, needed)];
  // arrow-js lengthens a column with nulls without lengthening its values.
  if (chunk.nullCount * width < needed - values.byteLength) throw invalid('there are fewer values than rows', name);
  return [values, new ZeroValues(needed - values.byteLength)];
}

/**
 * The offsets of a chunk as far as they are set.
 *
 * A builder's spare offsets are 0. When arrow-js lengthens a column with nulls they become part of it, and fall.
 */
export function offsetsOf(chunk: Data): Int32Array {
  const offsets = chunk.valueOffsets as Int32Array;
  let last = Math.min(chunk.length, offsets.length - 1);
  while (last > 0 && offsets[last] === 0) last--;
  return last <= 0 || last >= chunk.length ? offsets : offsets.subarray(0, last + 1);
}

/** The first and the last offset that a chunk uses. */
function spanOf(chunk: Data, size: number, name: string): readonly [number, number] {
  const offsets = offsetsOf(chunk);
  const begin = offsets[0] ?? 0;
  const end = offsets[Math.min(chunk.length, offsets.length - 1)] ?? begin;
  if (begin < 0 || end < begin || end > size) throw invalid('the offsets point outside the values', name);
  return [begin, end];
}

export function textOf(chunk: Data, name: string): Uint8Array {
  const values: Uint8Array = chunk.values;
  return values.subarray(...spanOf(chunk, values.byteLength, name));
}

/** The items that a list refers to; apache-arrow leaves the items of an empty list out. */
export function itemsOf(chunk: Data, name: string): Data[] {
  const [child] = chunk.children;
  const [begin, end] = spanOf(chunk, child?.length ?? 0, name);
  if (child === undefined) return [];
  return [end - begin === child.length ? child : child.slice(begin, end - begin)];
}

/** The child of a struct or a batch, with as many values as its parent; an empty parent may have none. */
export function childOf(chunk: Data, index: number, name: string): Data[] {
  const child = chunk.children[index];
  if (child === undefined && chunk.length === 0) return [];
  if (child === undefined) throw invalid('the column has no data', name);
  if (child.length === chunk.length) return [child];
  if (child.length > chunk.length) return [child.slice(0, chunk.length)];
  return [child._changeLengthAndBackfillNullBitmap(chunk.length)];
}
