// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Data, type DataType, Vector } from 'apache-arrow';
import { invalid } from '../errors.js';
import { memoized } from './memoized.js';

interface Dictionary {
  /** A base and its deltas. */
  readonly chunks: Data[];
  length: number;
  /** Columns that wait for {@link DictionaryStore.settle}. */
  users: Data[];
  vector?: Vector | undefined;
}

/**
 * The dictionaries that the messages of one payload have given so far, by id.
 *
 * All columns that use a dictionary share one vector, which is made when its last delta is known: a vector for each of
 * many deltas would take a list of all chunks before it. So a batch may see values that came after it, at indices that it
 * does not use.
 */
export class DictionaryStore {
  readonly #dictionaries = new Map<number, Dictionary>();
  /** Columns without values may lack their dictionary: one for all of them, however many batches there are. */
  readonly #none = new WeakMap<DataType, Vector>();

  /** A delta adds to the dictionary; anything else replaces it. Batches read earlier keep what they have. */
  add(id: number, values: Data, isDelta: boolean): void {
    const known = this.#dictionaries.get(id);
    if (!isDelta) {
      if (known !== undefined) settle(known);
      this.#dictionaries.set(id, { chunks: [values], length: values.length, users: [] });
      return;
    }
    if (known === undefined) throw invalid(`a delta of dictionary ${id}, which the payload does not have`);
    if (values.length === 0) return;
    known.chunks.push(values);
    known.length += values.length;
    known.vector = undefined;
  }

  /** How many values the dictionary has so far; `undefined` when it is not there. */
  lengthOf(id: number): number | undefined {
    return this.#dictionaries.get(id)?.length;
  }

  /** A dictionary without values. */
  none(type: DataType): Vector {
    let vector = this.#none.get(type);
    if (vector === undefined) {
      vector = new Vector([new Data(type, 0, 0, 0)]);
      this.#none.set(type, vector);
    }
    return vector;
  }

  /** Gives a column the dictionary, which must be there: at the latest when {@link settle} is called. */
  attach(id: number, column: Data): void {
    const dictionary = this.#dictionaries.get(id) as Dictionary;
    if (dictionary.vector === undefined) dictionary.users.push(column);
    else column.dictionary = dictionary.vector;
  }

  /** No message follows, or none that adds to what is there: columns get the dictionaries that they use. */
  settle(): void {
    for (const dictionary of this.#dictionaries.values()) settle(dictionary);
  }
}

function settle(dictionary: Dictionary): void {
  dictionary.vector ??= memoized(new Vector(dictionary.chunks));
  for (const column of dictionary.users) column.dictionary = dictionary.vector;
  dictionary.users = [];
}
