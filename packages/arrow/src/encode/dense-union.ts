// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Data, Union } from 'apache-arrow';
import { invalid } from '../errors.js';
import { NO_OFFSETS } from '../types.js';
import type { Conversion } from './conversion.js';
import { bytesOf, type Piece } from './pieces.js';

/** What the rows of one chunk of a dense union use of its children. */
interface Used {
  readonly chunk: Data;
  readonly offsets: Int32Array;
  /** By child: values [begin, end). */
  readonly begin: Int32Array;
  readonly end: Int32Array;
}

/** The chunks of a dense union, of whose children only what the rows refer to goes out. */
export class DenseUnion {
  readonly #type: Union;
  readonly #used: readonly Used[];

  constructor(type: Union, chunks: readonly Data[], name: string) {
    this.#type = type;
    this.#used = chunks.map((chunk) => usedOf(type, chunk, name));
  }

  /** The offsets into the children, as they are where nothing was left out or put before. */
  offsets(length: number): Piece[] {
    const [only] = this.#used;
    if (this.#used.length === 1 && only?.begin.every((begin) => begin === 0)) {
      return [bytesOf(only.offsets).subarray(0, length * 4)];
    }
    return [new JoinedDenseOffsets(this.#type, this.#used, length)];
  }

  /** The parts of child `index`, one for each chunk. */
  child(index: number): Data[] {
    return this.#used.flatMap(({ chunk, begin, end }) => {
      const child = chunk.children[index];
      const [from, to] = [begin[index] as number, end[index] as number];
      if (child === undefined || from === to) return [];
      return from === 0 && to === child.length ? child : child.slice(from, to - from);
    });
  }
}

/**
 * A union nobody cut has a row for each value of its children, and goes out whole. Otherwise its rows are looked at.
 */
function usedOf(type: Union, chunk: Data, name: string): Used {
  const { children, length, typeIds } = chunk;
  const offsets: Int32Array = chunk.valueOffsets ?? NO_OFFSETS[4];
  if (offsets.length < length) throw invalid('there are fewer offsets than rows', name);
  const ends = Int32Array.from(type.children, (_, index) => children[index]?.length ?? 0);
  const values = ends.reduce((sum, each) => sum + each, 0);
  const begin = new Int32Array(ends.length);
  if (values === length) return { chunk, offsets, begin, end: ends };
  const end = new Int32Array(ends.length);
  begin.fill(0x7fff_ffff);
  for (let row = 0; row < length; row++) {
    const child = type.typeIdToChildIndex[typeIds[row] as number] ?? -1;
    const at = offsets[row] as number;
    if (child < 0 || at < 0 || at >= (ends[child] as number)) {
      throw invalid('a type id or an offset of a union points at no value', name);
    }
    if (at < (begin[child] as number)) begin[child] = at;
    if (at >= (end[child] as number)) end[child] = at + 1;
  }
  for (let child = 0; child < end.length; child++) if (end[child] === 0) begin[child] = 0;
  return { chunk, offsets, begin, end };
}

/** Offsets into children whose parts were joined and shortened. */
class JoinedDenseOffsets implements Conversion {
  readonly byteLength: number;
  readonly #type: Union;
  readonly #used: readonly Used[];

  constructor(type: Union, used: readonly Used[], length: number) {
    this.byteLength = length * 4;
    this.#type = type;
    this.#used = used;
  }

  writeTo(target: Uint8Array): void {
    const out = new Int32Array(target.buffer, target.byteOffset, this.byteLength / 4);
    const { typeIds: ids } = this.#type;
    const written = new Int32Array(ids.length);
    const shifts = new Int32Array(256);
    let at = 0;
    for (const { chunk, offsets, begin, end } of this.#used) {
      for (let child = 0; child < ids.length; child++) {
        shifts[(ids[child] as number) & 255] = (written[child] as number) - (begin[child] as number);
        written[child] = (written[child] as number) + (end[child] as number) - (begin[child] as number);
      }
      const { length, typeIds } = chunk;
      for (let row = 0; row < length; row++) {
        out[at++] = (offsets[row] as number) + (shifts[(typeIds[row] as number) & 255] as number);
      }
    }
  }
}
