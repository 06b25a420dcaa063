// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, type RecordBatch, Type, type Union, UnionMode, Vector } from 'apache-arrow';

/** What a reader of hostile data allows itself: values may refer to the same bytes as often as they like. */
const MOST_VALUES = 50_000;
const MOST_BYTES = 4 * 2 ** 20;
/** What apache-arrow says of times that are well stored, and not shown as a number of its own. */
const NOT_SHOWN = 'is not safe to convert to a number.';

/** Reads every value of a batch by apache-arrow's `get`, up to a bound. */
export class Walk {
  values = 0;
  #bytes = 0;
  #ended = false;
  readonly #vectors = new WeakMap<Data, Vector>();
  readonly #dictionaries = new WeakSet<Vector>();

  /** False when there was too much to read. */
  get isWhole(): boolean {
    return !this.#ended;
  }

  batch(batch: RecordBatch): void {
    for (const column of batch.data.children) this.#column(column as Data);
  }

  #column(data: Data): void {
    if (data.typeId === Type.Dictionary && data.dictionary !== undefined && !this.#dictionaries.has(data.dictionary)) {
      this.#dictionaries.add(data.dictionary);
      for (const chunk of data.dictionary.data) this.#column(chunk);
    }
    for (let row = 0; row < data.length && !this.#ended; row++) this.#value(data, row);
  }

  #value(data: Data, row: number): void {
    if (++this.values > MOST_VALUES || this.#bytes > MOST_BYTES) this.#ended = true;
    if (this.#ended) return;
    this.#bytes += bytesAt(data, row);
    if (this.#bytes > MOST_BYTES) return;
    const value = this.#get(data, row);
    if (value === null || value === undefined) return;
    if (value instanceof Vector) for (const chunk of value.data) this.#column(chunk);
    else if (data.typeId === Type.Struct) for (const child of data.children) this.#value(child as Data, row);
    else if (data.typeId === Type.Map) this.#entries(data, row);
    else if (data.typeId === Type.Union) this.#union(data, row);
  }

  #entries(data: Data, row: number): void {
    const [begin, end] = [data.valueOffsets[row] as number, data.valueOffsets[row + 1] as number];
    this.#column((data.children[0] as Data).slice(begin, end - begin));
  }

  #union(data: Data, row: number): void {
    const { mode, typeIdToChildIndex } = data.type as Union;
    const child = data.children[typeIdToChildIndex[data.typeIds[row] as number]!] as Data;
    this.#value(child, mode === UnionMode.Dense ? (data.valueOffsets[row] as number) : row);
  }

  #get(data: Data, row: number): unknown {
    let vector = this.#vectors.get(data);
    if (vector === undefined) {
      vector = new Vector([data]);
      this.#vectors.set(data, vector);
    }
    try {
      return vector.get(row);
    } catch (error) {
      if (error instanceof TypeError && error.message.endsWith(NOT_SHOWN)) return undefined;
      throw error;
    }
  }
}

/** The bytes that `get` would decode: asked before it is. */
function bytesAt(data: Data, row: number): number {
  switch (data.typeId) {
    case Type.Utf8:
    case Type.LargeUtf8: {
      const length = Number(data.valueOffsets[row + 1] ?? 0) - Number(data.valueOffsets[row] ?? 0);
      return Math.min(Math.abs(length), data.values.length);
    }
    case Type.Utf8View: {
      const views = data.values as Uint8Array;
      const length = new DataView(views.buffer, views.byteOffset + 16 * row, 4).getInt32(0, true);
      const longest = data.variadicBuffers.reduce((most, { byteLength }) => Math.max(most, byteLength), 12);
      return Math.min(Math.max(0, length), longest);
    }
    default:
      return 0;
  }
}
