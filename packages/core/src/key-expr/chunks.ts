// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Comparison, Runs } from './runs.js';

export type Chunks = readonly string[];

/** A verbatim chunk (`@...`) is matched by the same chunk only, never by a wildcard. */
const isVerbatim = (chunk: string) => chunk.startsWith('@');
const isDoubleWild = (chunk: string) => chunk === '**';

/**
 * Whether two key expressions have the same verbatim chunks, in order, and `relates` holds for what is between them.
 * As no wildcard takes a verbatim chunk, the stretches between can be judged one by one.
 */
export function betweenVerbatims(
  left: string,
  right: string,
  relates: (left: Chunks, right: Chunks) => boolean,
): boolean {
  const lefts = left.split('/');
  const rights = right.split('/');
  if (lefts.filter(isVerbatim).join('/') !== rights.filter(isVerbatim).join('/')) return false;
  const rightStretches = cut(rights, isVerbatim);
  return cut(lefts, isVerbatim).every((stretch, index) => relates(stretch, rightStretches[index] ?? []));
}

/** The runs of chunks between the `**` of a key expression. */
export function chunkRuns(chunks: Chunks): Runs<Chunks> {
  const [head = [], ...middle] = cut(chunks, isDoubleWild);
  return { head, middle, tail: middle.pop() };
}

/** Compares chunk by chunk. */
export function comparing(fits: (pattern: string, chunk: string) => boolean): Comparison<Chunks> {
  const fitsAt = (run: Chunks, word: Chunks, place: number) =>
    run.every((pattern, index) => fits(pattern, word[place + index] ?? ''));
  const find = (run: Chunks, word: Chunks, from: number) => {
    for (let place = from; place + run.length <= word.length; place++) {
      if (fitsAt(run, word, place)) return place;
    }
    return -1;
  };
  return { fitsAt, find };
}

function cut(chunks: Chunks, isCut: (chunk: string) => boolean): string[][] {
  let stretch: string[] = [];
  const stretches = [stretch];
  for (const chunk of chunks) {
    if (isCut(chunk)) {
      stretch = [];
      stretches.push(stretch);
    } else {
      stretch.push(chunk);
    }
  }
  return stretches;
}
