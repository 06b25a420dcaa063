// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { invalid } from '../errors.js';

/** @throws {ArrowPayloadError} `ARROW_INVALID` when the offsets start below 0 or fall. */
export function checkOffsets(offsets: Int32Array, length: number, name: string): void {
  let last = 0;
  for (let i = 0; i <= length; i++) {
    const offset = offsets[i] as number;
    if (offset < last) throw invalid('offsets that fall', name);
    last = offset;
  }
}

/** @throws {ArrowPayloadError} `ARROW_INVALID` when the index of a value that is not null is outside the dictionary. */
export function checkIndices(
  indices: ArrayLike<number>,
  validity: Uint8Array | undefined,
  size: number,
  name: string,
): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    if (index >= 0 && index < size) continue;
    const valid = validity === undefined || ((validity[i >>> 3] as number) >>> (i % 8)) & 1;
    if (valid) throw invalid(`the index ${index} into a dictionary of ${size} values`, name);
  }
}
