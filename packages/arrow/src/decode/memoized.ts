// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Vector } from 'apache-arrow';

/**
 * Lets a vector remember the values that were read of it, as apache-arrow's own reader does it with dictionaries. Its
 * `memoize` makes room for all values at once, eight bytes each, though a value may be a bit, or nothing: this one's
 * memory is in proportion to what was read.
 */
export function memoized(vector: Vector): Vector {
  const { length } = vector;
  const get = vector.get.bind(vector);
  const set = vector.set.bind(vector);
  const slice = vector.slice.bind(vector);
  // The engine keeps an array with holes sparse as long as that is smaller.
  const values: unknown[] = [];
  return Object.defineProperties(vector, {
    get: {
      value(index: number): unknown {
        const known = values[index];
        if (known !== undefined) return known;
        const value: unknown = get(index);
        if (index >= 0 && index < length) values[index] = value;
        return value;
      },
    },
    set: {
      value(index: number, value: unknown): void {
        set(index, value);
        delete values[index];
      },
    },
    slice: { value: (begin?: number, end?: number) => memoized(slice(begin, end)) },
    isMemoized: { value: true },
    memoize: { value: () => vector },
    unmemoize: { value: () => new Vector(vector.data) },
  });
}
