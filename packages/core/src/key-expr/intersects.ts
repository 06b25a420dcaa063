// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { characterRuns, characters } from './characters.js';
import { betweenVerbatims, chunkRuns, comparing } from './chunks.js';
import { meet } from './runs.js';

/** Whether some key belongs to both canonical key expressions. */
export function intersects(left: string, right: string): boolean {
  if (left === right) return true;
  if (!left.includes('*') && !right.includes('*')) return false;
  return betweenVerbatims(left, right, (a, b) => meet(chunkRuns(a), chunkRuns(b), intersecting));
}

const intersecting = comparing((left, right) => {
  if (left === right || left === '*' || right === '*') return true;
  if (!left.includes('$') && !right.includes('$')) return false;
  return meet(characterRuns(left), characterRuns(right), characters);
});
