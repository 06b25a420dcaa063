// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { contenders } from '../contenders.mjs';
import { carrierVersions, machine, machineText } from '../machine.mjs';
import { readOptions } from '../options.mjs';
import { pinsText } from '../pinning.mjs';
import { report, run } from '../report.mjs';
import { failureTexts, inTurns } from '../rounds.mjs';
import { tidyRust } from '../rust-peers.mjs';
import { within } from '../within.mjs';
import { measureTrips } from './measurement.mjs';
import { TripResult } from './result.mjs';
import { table, verdictsOf } from './table.mjs';

/** What is on its way per second at most: more of large messages would fill queues, and be a measurement of them. */
const MOST_BYTES_PER_SECOND = 64e6;

const echoing = contenders.filter(({ echoes }) => echoes === true);

/** @type {import('../options.mjs').Bench} */
const bench = {
  command: 'pnpm bench latency',
  contenders: echoing,
  standard: { sizes: '64,4096,65536,1048576', rounds: '3', seconds: '1' },
  more: [{ name: 'load', value: '<n>', help: 'messages per second under load, 64 MB/s at most', standard: '1000' }],
  examples: `  pnpm bench latency --sizes 64 --peers ours-tcp,rust-tcp --rounds 10
  pnpm bench latency --load 5000`,
};

/** Runs the bench of round trips. @param {string[]} args @returns {Promise<number>} the exit code */
export function main(args) {
  return run(
    () => read(args),
    async (options) => {
      const about = machine(carrierVersions());
      const results = await measureLatency(options);
      const { rounds, seconds, json } = options;
      console.log(
        `${machineText(about)}\n${rounds} rounds of about ${seconds} s each way, both ends in a process each, ${pinsText}\n`,
      );
      console.log(table(results));
      const goals = results.flatMap((result) => verdictsOf(result, results));
      report({ failures: failureTexts(results), json, data: { machine: about, rounds, seconds, results, goals } });
    },
  );
}

/** @param {string[]} args */
function read(args) {
  const options = readOptions(args, bench);
  if ('help' in options) return options;
  return { ...options, load: within('load', options.more.load ?? '', 1, 1e6, Number.isFinite) };
}

/** @param {{ sizes: number[], peers: import('../contenders.mjs').Contender[], rounds: number, seconds: number, load: number, profile?: string | undefined }} options */
export async function measureLatency({ sizes, peers, rounds, seconds, load, profile }) {
  const rate = (/** @type {number} */ size) => Math.max(1, Math.floor(Math.min(load, MOST_BYTES_PER_SECOND / size)));
  const results = sizes.flatMap((size) => peers.map((contender) => new TripResult(contender, size, rate(size))));
  await inTurns(results, rounds, async (result) => {
    result.add(await measureTrips(result.contender, result.size, { seconds, rate: result.rate, profile }));
  });
  tidyRust();
  return results;
}

/** The contenders that can send back. */
export const PEERS = echoing;
