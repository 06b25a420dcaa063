// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type Data,
  type DataType,
  type Dictionary,
  type Field,
  type FixedSizeList,
  type Union,
  UnionMode,
  type Vector,
} from 'apache-arrow';
import { BufferRegion, FieldNode } from 'apache-arrow/ipc/metadata/message';
import { invalid } from '../errors.js';
import { type Layout, layoutOf, offsetWidthOf, widthOf } from '../types.js';
import { padded } from '../wire.js';
import { checkChunk, checkLength } from './check-chunk.js';
import { DenseUnion } from './dense-union.js';
import { offsetPiece } from './offsets.js';
import {
  bitPieces,
  boolRun,
  childOf,
  fixedPieces,
  itemsOf,
  lengthOf,
  nullsIn,
  type Piece,
  resized,
  spanBytes,
  typeIdsOf,
  validityRuns,
} from './pieces.js';
import { Views } from './views.js';

/** A dictionary that a batch refers to, taken apart whole: a reader of one payload has no earlier state to add to. */
export interface UsedDictionary {
  readonly id: number;
  readonly chunks: readonly Data[];
  readonly length: number;
  readonly body: BodyAssembler;
  /** The first column seen that uses it. */
  readonly column: string;
}

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
  /** The number of data buffers of each column of views. */
  readonly variadicCounts: number[] = [];
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
    checkLength(length, name);
    for (const chunk of chunks) checkChunk(type, layout, chunk, name);
    const nulls = layout === 'null' ? length : layout === 'union' ? 0 : nullsIn(chunks);
    this.nodes.push(new FieldNode(length, nulls));
    if (layout !== 'null' && layout !== 'union') {
      this.#add(nulls === 0 ? [] : bitPieces(validityRuns(chunks, name), length));
    }
    this.#values(layout, type, chunks, length, name);
  }

  /** The buffers after the bitmap, then the children. */
  #values(layout: Layout, type: DataType, chunks: readonly Data[], length: number, name: string): void {
    switch (layout) {
      case 'null':
        break;
      case 'fixed':
        this.#fixed(type, chunks, name);
        break;
      case 'bool':
        this.#add(
          bitPieces(
            chunks.map((chunk) => boolRun(chunk, name)),
            length,
          ),
        );
        break;
      case 'bytes':
        this.#add([offsetPiece(chunks, length, offsetWidthOf(type))]);
        this.#add(chunks.map((chunk) => spanBytes(chunk, name)));
        break;
      case 'view':
        this.#views(chunks, name);
        break;
      case 'list':
        this.#add([offsetPiece(chunks, length, offsetWidthOf(type))]);
        this.#child(type, 0, name, (path) => chunks.flatMap((chunk) => itemsOf(chunk, path)));
        break;
      case 'fixed list': {
        const { listSize } = type as FixedSizeList;
        this.#child(type, 0, name, (path) =>
          chunks.flatMap(({ children, length }) => resized(children[0], length * listSize, path)),
        );
        break;
      }
      case 'struct':
        this.#members(type, chunks, name);
        break;
      case 'union':
        this.#union(type as Union, chunks, length, name);
        break;
      case 'dictionary': {
        for (const chunk of chunks) this.#dictionary(type as Dictionary, chunk.dictionary, name);
        // Some readers want a dictionary even where there is no value.
        if (chunks.length === 0) this.#dictionary(type as Dictionary, undefined, name);
        this.#fixed((type as Dictionary).indices, chunks, name);
        break;
      }
    }
  }

  #fixed(type: DataType, chunks: readonly Data[], name: string): void {
    const width = widthOf(type);
    this.#add(chunks.flatMap((chunk) => fixedPieces(chunk, width, name)));
  }

  #views(chunks: readonly Data[], name: string): void {
    const views = new Views(chunks);
    this.#add(views.pieces(name));
    const buffers = views.buffers();
    for (const buffer of buffers) this.#add([buffer]);
    this.variadicCounts.push(buffers.length);
  }

  /** Since metadata V5 a union has no bitmap: its values are as null as its children's are. */
  #union(type: Union, chunks: readonly Data[], length: number, name: string): void {
    this.#add(chunks.map((chunk) => typeIdsOf(chunk, name)));
    if (type.mode === UnionMode.Sparse) {
      this.#members(type, chunks, name);
      return;
    }
    const dense = new DenseUnion(type, chunks, name);
    this.#add(dense.offsets(length));
    for (const index of type.children.keys()) this.#child(type, index, name, () => dense.child(index));
  }

  /** Children that have as many values as their parent. */
  #members(type: DataType, chunks: readonly Data[], name: string): void {
    for (const index of type.children.keys()) {
      this.#child(type, index, name, (path) => chunks.flatMap((chunk) => childOf(chunk, index, path)));
    }
  }

  #child(type: DataType, index: number, name: string, chunksOf: (path: string) => Data[]): void {
    const field = type.children[index] as Field;
    const path = `${name}.${field.name}`;
    const chunks = chunksOf(path);
    this.column(field.type, chunks, lengthOf(chunks), path);
  }

  #add(pieces: readonly Piece[]): void {
    let length = 0;
    for (const piece of pieces) length += piece.byteLength;
    this.regions.push(new BufferRegion(this.byteLength, length));
    this.buffers.push(pieces);
    this.byteLength += padded(length);
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
