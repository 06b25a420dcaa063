// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { parseArgs } from 'node:util';
import { listed } from '../in-memory/options.mjs';
import { carrierVersions, machine, machineText, packageVersion, pythonVersion } from '../machine.mjs';
import { report, run } from '../report.mjs';
import { messageOf, within } from '../within.mjs';
import { parts } from './run.mjs';
import { goalTable } from './table.mjs';

const HELP = `Usage: pnpm bench goals [options]

What this project set itself, all of it, measured several times: about 6 minutes each.

  --runs <n>            3 unless given
  --parts <id,...>      ${Object.keys(parts).join(', ')}; all unless given
  --rounds <n>          rounds of each contender within a run; 3 unless given
  --seconds <s>         length that a measurement aims at; 0.7 unless given
  --json <file>         writes what was measured there too
  --help

For example:
  pnpm bench goals --runs 1 --parts latency,idle
  pnpm bench goals --json bench/results/goals.json && pnpm bench table

The table goes to stdout, progress to stderr. See bench/README.md for what is measured.`;

/** @param {string[]} args */
function read(args) {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '3' },
      parts: { type: 'string', default: Object.keys(parts).join() },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '0.7' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { help: HELP };
  const unknown = listed(values.parts).find((part) => !(part in parts));
  if (unknown !== undefined) throw new Error(`--parts: ${unknown} is none of ${Object.keys(parts).join(', ')}`);
  return {
    runs: within('runs', values.runs, 1, 100, Number.isInteger),
    parts: listed(values.parts),
    rounds: within('rounds', values.rounds, 1, 100, Number.isInteger),
    seconds: within('seconds', values.seconds, 0.05, 60, Number.isFinite),
    json: values.json,
  };
}

/** @typedef {{ goals: import('../goals.mjs').Verdict[], results: Record<string, unknown>, failures: string[] }} Run */

/** Judges all goals. @param {string[]} args @returns {Promise<number>} the exit code */
export function main(args) {
  return run(
    () => /** @type {{ help: string } | Exclude<ReturnType<typeof read>, { help: string }>} */ (read(args)),
    async (options) => {
      const { json, rounds, seconds } = options;
      const arrow = packageVersion('../packages/arrow/package.json');
      const versions = { ...carrierVersions(), '@zenoh-segments/arrow': arrow, pyarrow: pythonVersion('pyarrow') };
      const data = { machine: machine(versions), rounds, seconds, runs: /** @type {Run[]} */ ([]) };
      for (let number = 1; number <= options.runs; number++) {
        console.error(`Run ${number} of ${options.runs}`);
        data.runs.push(await once(options));
      }
      console.log(`${machineText(data.machine)}\n\n${goalTable(data)}`);
      const failures = data.runs.flatMap((each, index) => each.failures.map((text) => `${text} (run ${index + 1})`));
      report({ failures, json, data: withoutRounds(data) });
    },
  );
}

/** @param {{ parts: string[], rounds: number, seconds: number }} options @returns {Promise<Run>} */
async function once({ parts: chosen, rounds, seconds }) {
  /** @type {Run} */
  const told = { goals: [], results: {}, failures: [] };
  for (const name of chosen) {
    try {
      const part = await parts[name]?.({ rounds, seconds });
      told.goals.push(...(part?.goals ?? []));
      told.failures.push(...(part?.failures ?? []));
      told.results[name] = part?.results;
    } catch (error) {
      told.failures.push(`- ${name}: ${messageOf(error)}`);
    }
  }
  return told;
}

/** Medians and extremes are enough to keep. @param {unknown} data */
function withoutRounds(data) {
  return JSON.parse(
    JSON.stringify(data, (key, value) => (key === 'rounds' && Array.isArray(value) ? undefined : value)),
  );
}
