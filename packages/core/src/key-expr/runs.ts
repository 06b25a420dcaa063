// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** A list of chunks, or the characters of a chunk. */
interface Sequence {
  readonly length: number;
}

/**
 * A pattern cut at its wildcards, each of which stands for any number of items: `a$*b$*c` is head `a`, middle `[b]`,
 * tail `c`. Without a wildcard there is only the head.
 */
export interface Runs<S extends Sequence> {
  readonly head: S;
  readonly middle: readonly S[];
  readonly tail: S | undefined;
}

/** How a run of a pattern is compared with a word. */
export interface Comparison<S extends Sequence> {
  /** Whether each item of the run fits the item of the word at the same distance from `place`; the word is long enough. */
  fitsAt(run: S, word: S, place: number): boolean;
  /** The first place from `from` on where the run fits, or -1. */
  find(run: S, word: S, from: number): number;
}

/**
 * Whether the pattern matches the word. Taking the leftmost place of each run is enough, as a wildcard takes all that
 * is between: so there is no backtracking, and the time is at most the product of the two lengths.
 */
export function matches<S extends Sequence>(pattern: Runs<S>, word: S, { fitsAt, find }: Comparison<S>): boolean {
  const { head, middle, tail } = pattern;
  if (tail === undefined) return head.length === word.length && fitsAt(head, word, 0);
  const end = word.length - tail.length;
  let place = head.length;
  if (place > end || !fitsAt(head, word, 0) || !fitsAt(tail, word, end)) return false;
  for (const run of middle) {
    const found = find(run, word, place);
    place = found + run.length;
    if (found < 0 || place > end) return false;
  }
  return true;
}

/** Whether some word matches both patterns; the comparison is symmetric. */
export function meet<S extends Sequence>(a: Runs<S>, b: Runs<S>, comparison: Comparison<S>): boolean {
  if (a.tail === undefined) return matches(b, a.head, comparison);
  if (b.tail === undefined) return matches(a, b.head, comparison);
  // Each side has a wildcard that takes the other's middle, so only what is before the first and after the last counts.
  const [head, longHead] = byLength(a.head, b.head);
  const [tail, longTail] = byLength(a.tail, b.tail);
  return comparison.fitsAt(head, longHead, 0) && comparison.fitsAt(tail, longTail, longTail.length - tail.length);
}

function byLength<S extends Sequence>(a: S, b: S): [shorter: S, longer: S] {
  return a.length <= b.length ? [a, b] : [b, a];
}
