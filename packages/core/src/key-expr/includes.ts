// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { characterRuns, characters } from './characters.js';
import { betweenVerbatims, chunkRuns, comparing } from './chunks.js';
import { matches } from './runs.js';

/** Whether every key of the right canonical key expression belongs to the left one. */
export function includes(left: string, right: string): boolean {
  if (left === right) return true;
  if (!left.includes('*')) return false;
  // The right side is read as a word, as zenoh does: `*/**` does not include `**/a`, although its keys all have a chunk.
  return betweenVerbatims(left, right, (pattern, word) => matches(chunkRuns(pattern), word, including));
}

const including = comparing((left, right) => {
  if (right === '**') return false;
  if (left === right || left === '*') return true;
  return left.includes('$') && matches(characterRuns(left), right, characters);
});
