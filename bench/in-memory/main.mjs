// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { messageOf } from '../within.mjs';
import { Contender } from './contender.mjs';
import { Result } from './result.mjs';

/** @typedef {import('./suite.mjs').Suite} Suite */

/**
 * The contenders take turns in every round.
 *
 * @param {Suite} suite @param {import('./options.mjs').Options} options @returns {Promise<Result[]>}
 */
export async function measureInMemory(suite, { sizes, rows, rounds, seconds, profile }) {
  const results = rows.flatMap((row) => (row.sizes ?? sizes).map((size) => new Result(suite, row, size)));
  if (results.length === 0) return results;
  const contenders = Object.entries(suite.launches).map(([name, launch]) => new Contender(name, () => launch(profile)));
  const started = performance.now();
  try {
    await Promise.all(contenders.map((contender) => contender.ready()));
    for (const result of results) {
      const elapsed = Math.round((performance.now() - started) / 1000);
      console.error(`${elapsed} s: ${result.row.title}, ${result.sizeText}`);
      for (let round = 1; round <= rounds; round++) {
        for (const contender of contenders) await add(result, contender, seconds);
      }
    }
  } finally {
    await Promise.all(contenders.map((contender) => contender.end()));
  }
  return results;
}

/** One measurement, unless one failed before. @param {Result} result @param {Contender} contender @param {number} seconds */
async function add(result, contender, seconds) {
  const { row, size, failures } = result;
  if (failures[contender.name] !== undefined) return;
  try {
    const { us, sum } = await contender.measure({ row: row.id, size, seconds });
    if (sum !== row.sum(size)) throw new Error(`it read ${sum} where ${row.sum(size)} was written`);
    result.add(contender.name, us);
  } catch (error) {
    failures[contender.name] = messageOf(error);
    console.error(`  ${contender.name}: ${messageOf(error)}`);
  }
}

/** A line for each contender that failed. @param {readonly Result[]} results */
export function failureTexts(results) {
  return results.flatMap((result) =>
    Object.entries(result.failures).map(
      ([name, failure]) => `- ${name}, ${result.row.title}, ${result.sizeText}: ${failure}`,
    ),
  );
}
