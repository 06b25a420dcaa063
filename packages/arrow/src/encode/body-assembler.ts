// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Data, DataType, Dictionary, Field, Vector } from 'apache-arrow';
import { BufferRegion, FieldNode } from 'apache-arrow/ipc/metadata/message';
import { invalid } from '../errors.js';
import { type Layout, layoutOf, widthOf } from '../types.js';
import { padded } from '../wire.js';
import { JoinedOffsets } from './conversion.js';
import {
  bitPieces,
  boolRun,
  bytesOf,
  checkChunk,
  childOf,
  fixedPieces,
  itemsOf,
  lengthOf,
  nullsIn,
  offsetsOf,
  type Piece,
  textOf,
  validityRuns,
} from './pieces.js';

/** A dictionary that a batch refers to, taken apart whole: a reader of one payload has no earlier state to add to. */
export interface UsedDictionary {
  readonly id: number;
  readonly chunks: readonly Data[];
  readonly length: number;
  readonly body: BodyAssembler;
  /** The first column seen that uses it. */
  readonly column: string;
}

const NO_OFFSETS = new Int32Array(1);

/**
 * Takes columns apart into the nodes and buffers of one message body.
 *
 * A column is given as chunks, because a dictionary may have several: fixed-width values and text of the chunks follow
 * each other as they are, only bitmaps and offsets are joined. arrow-js keeps a slice's offset for its bitmaps alone; all
 * other buffers of a slice are views already.
 */
export class BodyAssembler {
  readonly nodes: FieldNode[] = [];
  readonly regions: BufferRegion[] = [];
  readonly buffers: (readonly Piece[])[] = [];
  /** Bytes of the body so far; a multiple of 64. */
  byteLength = 0;
  /** By id, each after those it refers to. */
  readonly #dictionaries: Map<number, UsedDictionary>;

  constructor(dictionaries: Map<number, UsedDictionary>) {
    this.#dictionaries = dictionaries;
  }

  /** Adds a column of `length` values and everything below it. `type` is the schema's, the chunks must agree with it. */
  column(type: DataType, chunks: readonly Data[], length: number, name: string): void {
    const layout = layoutOf(type, name);
    if (length > 0x7fff_ffff) throw invalid(`${length} rows do not fit the format`, name);
    for (const chunk of chunks) checkChunk(type, chunk, name);
    const nulls = layout === 'null' ? length : nullsIn(chunks);
    this.nodes.push(new FieldNode(length, nulls));
    if (layout !== 'null') this.#add(nulls === 0 ? [] : bitPieces(validityRuns(chunks, name), length));
    this.#values(layout, type, chunks, length, name);
  }

  #values(layout: Layout, type: DataType, chunks: readonly Data[], length: number, name: string): void {
    switch (layout) {
      case 'null':
        break;
      case 'fixed':
        this.#add(chunks.flatMap((chunk) => fixedPieces(chunk, widthOf(type), name)));
        break;
      case 'bool':
        this.#add(bitPieces(chunks.map(boolRun), length));
        break;
      case 'utf8':
        this.#offsets(chunks, length);
        this.#add(chunks.map((chunk) => textOf(chunk, name)));
        break;
      case 'list': {
        this.#offsets(chunks, length);
        const items = chunks.flatMap((chunk) => itemsOf(chunk, name));
        const item = type.children[0] as Field;
        this.column(item.type, items, lengthOf(items), `${name}.${item.name}`);
        break;
      }
      case 'struct':
        for (const [index, field] of type.children.entries()) {
          const path = `${name}.${field.name}`;
          this.column(
            field.type,
            chunks.flatMap((chunk) => childOf(chunk, index, path)),
            length,
            path,
          );
        }
        break;
      case 'dictionary': {
        const { indices } = type as Dictionary;
        for (const chunk of chunks) this.#dictionary(type as Dictionary, chunk.dictionary, name);
        // Some readers want a dictionary even where there is no value.
        if (chunks.length === 0) this.#dictionary(type as Dictionary, undefined, name);
        this.#add(chunks.flatMap((chunk) => fixedPieces(chunk, widthOf(indices), name)));
        break;
      }
    }
  }

  #add(pieces: readonly Piece[]): void {
    let length = 0;
    for (const piece of pieces) length += piece.byteLength;
    this.regions.push(new BufferRegion(this.byteLength, length));
    this.buffers.push(pieces);
    this.byteLength += padded(length);
  }

  #offsets(chunks: readonly Data[], length: number): void {
    const [chunk] = chunks;
    const offsets = chunk === undefined || length === 0 ? NO_OFFSETS : offsetsOf(chunk);
    if (chunks.length <= 1 && offsets[0] === 0 && offsets.length > length) {
      this.#add([bytesOf(offsets.subarray(0, length + 1))]);
    } else {
      const runs = chunks.map((each) => ({ offsets: offsetsOf(each), length: each.length }));
      this.#add([new JoinedOffsets(runs, length)]);
    }
  }

  #dictionary(type: Dictionary, vector: Vector | undefined, name: string): void {
    const chunks = vector?.data ?? [];
    const known = this.#dictionaries.get(type.id);
    if (known !== undefined && known.length > 0) {
      if (sameChunks(known.chunks, chunks)) return;
      throw invalid(`the dictionary id ${type.id} stands for another dictionary in column '${known.column}'`, name);
    }
    const length = lengthOf(chunks);
    const body = new BodyAssembler(this.#dictionaries);
    // Nested dictionaries come into the map first: a reader needs them to read this one.
    body.column(type.dictionary, chunks, length, name);
    this.#dictionaries.set(type.id, { id: type.id, chunks, length, body, column: name });
  }
}

/** Whether two vectors are over the very same memory. */
export function sameChunks(a: readonly Data[], b: readonly Data[]): boolean {
  return a === b || (a.length === b.length && a.every((chunk, index) => chunk === b[index]));
}
