// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { writeFileSync } from 'node:fs';
import { machine, machineText } from './machine.mjs';
import { measure } from './measurement.mjs';
import { readOptions } from './options.mjs';
import { Result } from './results.mjs';
import { tidyRust } from './rust-peers.mjs';
import { sizeText, table } from './table.mjs';

/** Runs the bench. @param {string[]} args @returns {Promise<number>} the process's exit code */
export async function main(args) {
  /** @type {ReturnType<typeof readOptions>} */
  let options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${messageOf(error)}\nTry --help.`);
    return 2;
  }
  if ('help' in options) {
    console.log(options.help);
    return 0;
  }
  const about = machine();
  const results = await measureAll(options);
  tidyRust();
  const { rounds, seconds } = options;
  console.log(
    `${machineText(about)}\n${rounds} rounds of about ${seconds} s, publisher and subscriber in a process each\n`,
  );
  console.log(table(results));
  const failures = results.filter(({ failure }) => failure !== undefined);
  if (failures.length > 0) console.log(`\nMissing:\n${failures.map(failureText).join('\n')}`);
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify({ machine: about, rounds, seconds, results }, null, 2)}\n`);
  }
  return 0;
}

/**
 * The contenders take turns in every round, so that whatever else the machine does meets all of them.
 *
 * @param {import('./options.mjs').Options} options
 */
async function measureAll({ sizes, peers, rounds, seconds, profile }) {
  const results = sizes.flatMap((size) => peers.map((contender) => new Result(contender, size)));
  const started = performance.now();
  for (const size of sizes) {
    for (let round = 1; round <= rounds; round++) {
      for (const result of results.filter((candidate) => candidate.size === size && candidate.failure === undefined)) {
        const elapsed = Math.round((performance.now() - started) / 1000);
        console.error(`${elapsed} s: ${sizeText(size)}, round ${round} of ${rounds}, ${result.contender.title}`);
        try {
          result.rounds.push(await measure(result.contender, size, { seconds, profile }));
        } catch (error) {
          // It is not tried again at this size: a contender that hangs costs half a minute.
          result.failure = messageOf(error);
          console.error(`  ${result.failure}`);
        }
      }
    }
  }
  return results;
}

/** @param {Result} result */
function failureText({ contender, size, rounds, failure }) {
  const after = rounds.length > 0 ? ` (after ${rounds.length} good rounds)` : '';
  return `- ${contender.title}, ${sizeText(size)}${after}: ${failure}`;
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
