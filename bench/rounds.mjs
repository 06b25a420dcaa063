// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { sizeText } from './table.mjs';
import { messageOf } from './within.mjs';

/** What is measured of one contender at one size. @typedef {{ contender: import('./contenders.mjs').Contender, size: number, failure: string | undefined }} Measured */

/**
 * The contenders take turns in every round, so that whatever else the machine does meets all of them.
 *
 * @template {Measured} R
 * @param {readonly R[]} results sorted by size @param {number} rounds @param {(result: R) => Promise<void>} measure
 */
export async function inTurns(results, rounds, measure) {
  const started = performance.now();
  for (const size of new Set(results.map((result) => result.size))) {
    for (let round = 1; round <= rounds; round++) {
      for (const result of results.filter((candidate) => candidate.size === size && candidate.failure === undefined)) {
        const elapsed = Math.round((performance.now() - started) / 1000);
        console.error(`${elapsed} s: ${sizeText(size)}, round ${round} of ${rounds}, ${result.contender.title}`);
        try {
          await measure(result);
        } catch (error) {
          // It is not tried again at this size: a contender that hangs costs half a minute.
          result.failure = messageOf(error);
          console.error(`  ${result.failure}`);
        }
      }
    }
  }
}

/** A line for each contender that failed. @param {readonly Measured[]} results */
export function failureTexts(results) {
  return results.flatMap(({ contender, size, failure }) =>
    failure === undefined ? [] : [`- ${contender.title}, ${sizeText(size)}: ${failure}`],
  );
}
