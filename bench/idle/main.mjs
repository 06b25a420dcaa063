// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { goalText, PATHS, verdict } from '../goals.mjs';
import { carrierVersions, machine, machineText } from '../machine.mjs';
import { report, run } from '../report.mjs';
import { tidyRust } from '../rust-peers.mjs';
import { within } from '../within.mjs';
import { measureImport } from './import-time.mjs';
import { MAIN } from './threads.mjs';
import { measureIdle } from './wake-ups.mjs';

/** @typedef {{ seconds: number, subscriptions: number, starts: number }} Options */
/** @typedef {import('./wake-ups.mjs').Idle} Idle */

const HELP = `Usage: pnpm bench idle [options]

What a session costs that does nothing, by the wake-ups of its threads, and what importing core costs.

  --subscriptions <n>   100 unless given
  --seconds <s>         length of the watch; 10 unless given
  --starts <n>          processes of each kind that are started for the import time; 21 unless given
  --json <file>         writes every measurement there too
  --help

For example:
  pnpm bench idle --seconds 60
  pnpm bench idle --subscriptions 1000 --starts 5

The tables go to stdout, progress to stderr. See bench/README.md for what is measured.`;

/** @param {string[]} args @returns {{ help: string } | (Options & { json: string | undefined })} */
function read(args) {
  const { values } = parseArgs({
    args,
    options: {
      subscriptions: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '10' },
      starts: { type: 'string', default: '21' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { help: HELP };
  return {
    subscriptions: within('subscriptions', values.subscriptions, 0, 100_000, Number.isInteger),
    seconds: within('seconds', values.seconds, 0.1, 3600, Number.isFinite),
    starts: within('starts', values.starts, 1, 1000, Number.isInteger),
    json: values.json,
  };
}

/** Runs the bench of idleness. @param {string[]} args @returns {Promise<number>} the exit code */
export function main(args) {
  return run(
    () => read(args),
    async ({ json, ...options }) => {
      const about = machine(carrierVersions());
      const { wakeUps, times, goals } = await measureAtRest(options);
      console.log(`${machineText(about)}\n`);
      console.log(`Wake-ups per second with ${options.subscriptions} subscriptions, over ${options.seconds} s\n`);
      console.log(`${threadTable(wakeUps)}\n`);
      for (const [name, { median, min, max }] of Object.entries(times)) {
        const ms = [median, min, max].map((time) => time.toFixed(1));
        console.log(`A Node process, ${name}: ${ms[0]} ms (${ms[1]}..${ms[2]}), ${options.starts} starts`);
      }
      for (const goal of goals) console.log(`${goal.path}: ${goal.value?.toFixed(1)}, ${goalText(goal)}`);
      const idle = Object.entries(wakeUps).map(([name, { kinds, cpu }]) => [
        name,
        { kinds: Object.fromEntries(kinds), cpu },
      ]);
      report({
        failures: [],
        json,
        data: { machine: about, ...options, idle: Object.fromEntries(idle), times, goals },
      });
    },
  );
}

/** @param {Options} options */
export async function measureAtRest({ seconds, subscriptions, starts }) {
  console.error(`watching idle processes for ${seconds} s`);
  const wakeUps = await measureIdle({ seconds, subscriptions });
  tidyRust();
  console.error(`starting ${starts} processes of each kind`);
  const times = measureImport(starts);
  const longer = times.core.median - times.bare.median;
  const goals = [
    verdict(PATHS.idle, `${subscriptions} subscriptions`, ownWakeUps(wakeUps), { most: 0 }, '/s'),
    verdict(PATHS.import, `${starts} starts`, longer, { most: 60 }, ' ms'),
  ];
  return { wakeUps, times, goals };
}

/** Those of threads that zenoh does not have in Rust, without what Node does by itself. @param {{ bare: Idle, ours: Idle, rust: Idle }} idle */
function ownWakeUps({ bare, ours, rust }) {
  let own = 0;
  for (const [kind, rate] of ours.kinds) {
    if (kind === MAIN || !rust.kinds.has(kind)) own += Math.max(0, rate - (bare.kinds.get(kind) ?? 0));
  }
  return own;
}

/** @param {{ bare: Idle, ours: Idle, rust: Idle }} idle */
function threadTable({ bare, ours, rust }) {
  const kinds = [...new Set([bare, ours, rust].flatMap((idle) => [...idle.kinds.keys()]))];
  const figure = (/** @type {number | undefined} */ value) => (value === undefined ? '' : value.toFixed(1));
  const rows = kinds.map((kind) => [kind, ...[ours, rust, bare].map((idle) => figure(idle.kinds.get(kind)))]);
  rows.push(['CPU us/s', ...[ours, rust, bare].map(({ cpu }) => cpu.toFixed(0))]);
  return markdownTable([['threads', 'ours', 'Rust', 'bare Node'], ...rows], { align: ['l', 'r', 'r', 'r'] });
}
