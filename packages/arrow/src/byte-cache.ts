// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Keys longer than this are not worth their comparison, and would let a sender fill the memory. */
const MAX_KEY_BYTES = 64 * 1024;
const MAX_ENTRIES = 32;
/** What all values may weigh together, where they say what they weigh. */
const MAX_WEIGHT = 16_384;

interface Entry<Value> {
  readonly key: Uint8Array;
  readonly value: Value;
  readonly weight: number;
}

/** A small map whose keys are byte strings, compared by content; the least recently used entries make room. */
export class ByteCache<Value> {
  /** Most recent first. */
  readonly #entries: Entry<Value>[] = [];
  #weight = 0;

  get(key: Uint8Array): Value | undefined {
    const index = this.#entries.findIndex((entry) => equal(entry.key, key));
    if (index < 0) return undefined;
    const [entry] = this.#entries.splice(index, 1) as [Entry<Value>];
    this.#entries.unshift(entry);
    return entry.value;
  }

  /**
   * The cache owns `key` from now on: nobody may write to it.
   *
   * @param weight the number of objects that the value consists of, when the key's bytes don't bound it.
   */
  set(key: Uint8Array, value: Value, weight = 0): void {
    if (key.byteLength > MAX_KEY_BYTES || weight > MAX_WEIGHT) return;
    this.#entries.unshift({ key, value, weight });
    this.#weight += weight;
    while (this.#entries.length > MAX_ENTRIES || this.#weight > MAX_WEIGHT) {
      this.#weight -= (this.#entries.pop() as Entry<Value>).weight;
    }
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.byteLength !== b.byteLength) return false;
  // By words where they are aligned, as nearly always: a wide schema has some kilobytes, looked up with every payload.
  const words = (a.byteOffset | b.byteOffset) % 4 === 0 ? a.byteLength >>> 2 : 0;
  if (words > 0) {
    const x = new Int32Array(a.buffer, a.byteOffset, words);
    const y = new Int32Array(b.buffer, b.byteOffset, words);
    for (let i = 0; i < words; i++) if (x[i] !== y[i]) return false;
  }
  for (let i = words * 4; i < a.byteLength; i++) if (a[i] !== b[i]) return false;
  return true;
}
