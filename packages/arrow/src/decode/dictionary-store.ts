// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, Vector } from 'apache-arrow';
import { invalid } from '../errors.js';

/** The dictionaries that the messages of one payload have given so far, by id. */
export class DictionaryStore {
  readonly #chunks = new Map<number, Data[]>();
  /** Made when first used: a delta per batch would otherwise rebuild them all. */
  readonly #vectors = new Map<number, Vector>();

  /** A delta adds to the dictionary; anything else replaces it. Batches read earlier keep what they have. */
  add(id: number, values: Data, isDelta: boolean): void {
    const chunks = this.#chunks.get(id);
    if (isDelta && chunks === undefined) throw invalid(`a delta of dictionary ${id}, which the payload does not have`);
    if (isDelta && chunks !== undefined) chunks.push(values);
    else this.#chunks.set(id, [values]);
    this.#vectors.delete(id);
  }

  /** Decoded values are remembered by the vector, as apache-arrow's own reader arranges it. */
  get(id: number): Vector | undefined {
    const chunks = this.#chunks.get(id);
    if (chunks === undefined) return undefined;
    let vector = this.#vectors.get(id);
    if (vector === undefined) {
      vector = new Vector([...chunks]).memoize() as Vector;
      this.#vectors.set(id, vector);
    }
    return vector;
  }
}
