// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { invalid } from '../../errors.js';
import { isValid } from './nulls.js';

/** @throws {ArrowPayloadError} `ARROW_INVALID` when the index of a value that is not null is outside the dictionary. */
export function checkIndices(indices: ArrayLike<number>, validity: Uint8Array, size: number, name: string): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    if ((index < 0 || index >= size) && isValid(validity, i)) {
      throw invalid(`the index ${index} into a dictionary of ${size} values`, name);
    }
  }
}
