// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Keys longer than this are not worth their comparison, and would let a sender fill the memory. */
const MAX_KEY_BYTES = 64 * 1024;
const MAX_ENTRIES = 32;

/** A small map whose keys are byte strings, compared by content; the least recently used entry makes room. */
export class ByteCache<Value> {
  /** Most recent first. */
  readonly #entries: { readonly key: Uint8Array; readonly value: Value }[] = [];

  get(key: Uint8Array): Value | undefined {
    const index = this.#entries.findIndex((entry) => equal(entry.key, key));
    if (index < 0) return undefined;
    const [entry] = this.#entries.splice(index, 1) as [{ key: Uint8Array; value: Value }];
    this.#entries.unshift(entry);
    return entry.value;
  }

  /** The cache owns `key` from now on: nobody may write to it. */
  set(key: Uint8Array, value: Value): void {
    if (key.byteLength > MAX_KEY_BYTES) return;
    this.#entries.unshift({ key, value });
    if (this.#entries.length > MAX_ENTRIES) this.#entries.pop();
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.byteLength !== b.byteLength) return false;
  for (let i = 0; i < a.byteLength; i++) if (a[i] !== b[i]) return false;
  return true;
}
