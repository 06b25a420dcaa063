// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { contenders } from './contenders.mjs';
import { carrierVersions, machine, machineText } from './machine.mjs';
import { measure } from './measurement.mjs';
import { readOptions } from './options.mjs';
import { pinsText } from './pinning.mjs';
import { report, run } from './report.mjs';
import { Result } from './results.mjs';
import { failureTexts, inTurns } from './rounds.mjs';
import { tidyRust } from './rust-peers.mjs';
import { table, verdictsOf } from './table.mjs';
import { within } from './within.mjs';
import { OUR_TRANSPORT, useTransport } from './zenoh-config.mjs';

/** What the results are compared with, in columns of the table. @type {import('./table.mjs').Comparison[]} */
const COMPARED = [
  {
    title: 'of Rust',
    with: ({ link }) => `rust-${link === 'ws' ? 'tcp' : link}`,
  },
  { title: 'of zeromq.js', with: ({ link }) => (link === 'unix' ? 'zeromq-unix' : 'zeromq') },
];

/** @type {import('./options.mjs').Bench} */
const bench = {
  command: 'pnpm bench',
  contenders,
  standard: { sizes: '64,4096,65536,1048576,16777216', rounds: '3', seconds: '0.7' },
  more: [
    {
      name: 'transport',
      value: '<json>',
      help: "settings for `transport` of every zenoh peer that isn't behind a websocket server",
      standard: OUR_TRANSPORT,
    },
    {
      name: 'segments',
      value: '<n>',
      help: 'of each payload of ours and Rust, but for shared memory',
      standard: '1',
    },
  ],
  examples: `  pnpm bench --sizes 65536,1048576 --peers ours-shm,rust-shm --rounds 5
  pnpm bench --peers ours-tcp,rust-tcp --transport '{}'
  pnpm bench --peers ours-tcp,rust-tcp --sizes 64000 --segments 1000
  pnpm bench latency|growth|idle|goals|table|gate|capnp|arrow|browser --help`,
};

/** Runs the bench. @param {string[]} args @returns {Promise<number>} the process's exit code */
export function main(args) {
  return run(
    () => read(args),
    async (options) => {
      const about = machine(carrierVersions());
      const results = await measureAll(options);
      tidyRust();
      const { rounds, seconds, json, settings } = options;
      console.log(
        `${machineText(about)}\n${rounds} rounds of about ${seconds} s, publisher and subscriber in a process each, ${pinsText}\n`,
      );
      console.log(table(results, COMPARED));
      const goals = results.flatMap((result) => verdictsOf(result, results));
      report({
        failures: failureTexts(results),
        json,
        data: { machine: about, rounds, seconds, ...settings, results, goals },
      });
    },
  );
}

/** @param {string[]} args */
function read(args) {
  const options = readOptions(args, bench);
  if ('help' in options) return options;
  const { transport = '', segments = '' } = options.more;
  const settings = useTransport(transport);
  const least = Math.min(...options.sizes);
  const fits = (/** @type {number} */ n) => Number.isInteger(n) && options.sizes.every((size) => size % n === 0);
  // Every peer inherits it.
  const count = within('segments', segments, 1, least, fits);
  process.env.BENCH_SEGMENTS = String(count);
  return { ...options, settings: { transport: settings, segments: count } };
}

/** @typedef {{ sizes: number[], peers: import('./contenders.mjs').Contender[], rounds: number, seconds: number, profile?: string | undefined, warm?: number }} Measuring */

/** @param {Measuring} options */
export async function measureAll({ sizes, peers, rounds, ...how }) {
  const results = sizes.flatMap((size) => peers.map((contender) => new Result(contender, size)));
  await inTurns(results, rounds, async (result) => {
    result.rounds.push(await measure(result.contender, result.size, how));
  });
  return results;
}
