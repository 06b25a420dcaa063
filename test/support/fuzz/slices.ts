// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

const GUARD = 0xee;
const GUARD_BYTES = 16;

/** A payload's bytes cut into slices, each amid bytes of others: a reader may neither change nor see those. */
export class Slices {
  readonly slices: readonly Uint8Array[];
  readonly #memory: Uint8Array;
  readonly #before: Uint8Array;

  /**
   * @param borders where to cut, ascending, within the bytes
   * @param shift how far from a multiple of 8 the first slice begins
   */
  constructor(bytes: Uint8Array, borders: readonly number[], shift = 0) {
    const ends = [...borders, bytes.length];
    const memory = new Uint8Array(bytes.length + shift + (ends.length + 1) * GUARD_BYTES).fill(GUARD);
    let at = shift;
    let start = 0;
    this.slices = ends.map((end) => {
      at += GUARD_BYTES;
      const slice = memory.subarray(at, at + end - start);
      slice.set(bytes.subarray(start, end));
      at += slice.length;
      start = end;
      return slice;
    });
    this.#memory = memory;
    this.#before = Uint8Array.from(memory);
  }

  /** Whether all memory, guards included, is as it was. */
  get isUnchanged(): boolean {
    return Buffer.compare(this.#memory, this.#before) === 0;
  }
}

/** Borders of slices of one size, the first of which is `first` bytes long. */
export function bordersOf(length: number, size: number, first = size): number[] {
  const borders: number[] = [];
  for (let at = first; at < length; at += size) borders.push(at);
  return borders;
}
