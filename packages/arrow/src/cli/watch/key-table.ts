// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
/** Keys that are told apart. Whoever publishes can make up any number of them. */
const MOST_KEYS = 1000;

/** Something for each key, up to a number of keys. */
export class KeyTable<T> {
  readonly #make: (key: string) => T;
  readonly #most: number;
  readonly #entries = new Map<string, T>();
  #others = 0;

  constructor(make: (key: string) => T, most = MOST_KEYS) {
    this.#make = make;
    this.#most = most;
  }

  /** Samples of keys that came when the table was full. */
  get others(): number {
    return this.#others;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Undefined, and counted, for a new key when the table is full. */
  at(key: string): T | undefined {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    if (this.#entries.size >= this.#most) {
      this.#others++;
      return undefined;
    }
    const made = this.#make(key);
    this.#entries.set(key, made);
    return made;
  }

  /** In the order of the keys' text. */
  sorted(): T[] {
    return [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  }

  /** What is told when there were more keys; undefined otherwise. */
  get warning(): string | undefined {
    if (this.#others === 0) return undefined;
    return `more than ${this.#most} keys: ${this.#others} samples of other keys are in none of the figures`;
  }
}
