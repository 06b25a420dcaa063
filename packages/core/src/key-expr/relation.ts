// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { includes } from './includes.js';
import { intersects } from './intersects.js';

/** How the key sets of two key expressions relate, from the first one's side; each level implies those below. */
export enum SetIntersectionLevel {
  /** No key in common. */
  DISJOINT = 0,
  /** Some keys in common. */
  INTERSECTS = 1,
  /** All keys of the second belong to the first. */
  INCLUDES = 2,
  /** The same keys. */
  EQUALS = 3,
}

export function relation(left: string, right: string): SetIntersectionLevel {
  if (left === right) return SetIntersectionLevel.EQUALS;
  if (includes(left, right)) return SetIntersectionLevel.INCLUDES;
  return intersects(left, right) ? SetIntersectionLevel.INTERSECTS : SetIntersectionLevel.DISJOINT;
}
