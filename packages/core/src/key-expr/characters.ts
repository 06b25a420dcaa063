// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Comparison, Runs } from './runs.js';

/** The runs of characters between the `$*` of a chunk. */
export function characterRuns(chunk: string): Runs<string> {
  const [head = '', ...middle] = chunk.split('$*');
  return { head, middle, tail: middle.pop() };
}

export const characters: Comparison<string> = {
  fitsAt: (run, word, place) => word.startsWith(run, place),
  find: (run, word, from) => word.indexOf(run, from),
};
