// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { goalText } from '../goals.mjs';
import { node } from '../launch.mjs';
import { machine, machineText, packageVersion } from '../machine.mjs';
import { PeerProcess } from '../peer-process.mjs';
import { report, run } from '../report.mjs';
import { messageOf, oneOf, within } from '../within.mjs';
import { axes } from './axes.mjs';
import { AxisResult } from './result.mjs';
import { failureTexts, table, verdictsOf } from './table.mjs';

const LIMIT_MS = 60_000;

const HELP = `Usage: pnpm bench growth [options]

What a message costs as something grows: processor time of both ends, in one process.

  --axes <id,...>       all unless given:
${axes.map(({ id, title }) => `                          ${id.padEnd(16)} ${title}`).join('\n')}
  --rounds <n>          measurements of each point; 3 unless given
  --seconds <s>         length that a measurement aims at; 0.5 unless given
  --plots <folder>      draws the curves there too, into <axis>.svg
  --json <file>         writes every measurement there too
  --help

For example:
  pnpm bench growth --axes segments --rounds 5
  pnpm bench growth --plots docs/plots --json growth.json

The tables go to stdout, progress to stderr. See bench/README.md for what is measured.`;

/** @param {string[]} args @returns {{ help: string } | { axes: import('./axes.mjs').Axis[], rounds: number, seconds: number, plots: string | undefined, json: string | undefined }} */
function read(args) {
  const { values } = parseArgs({
    args,
    options: {
      axes: { type: 'string', default: axes.map(({ id }) => id).join() },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '0.5' },
      plots: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { help: HELP };
  return {
    axes: values.axes.split(',').map(oneOf('axes', axes)),
    rounds: within('rounds', values.rounds, 1, 100, Number.isInteger),
    seconds: within('seconds', values.seconds, 0.05, 60, Number.isFinite),
    plots: values.plots,
    json: values.json,
  };
}

/** Runs the bench of growth. @param {string[]} args @returns {Promise<number>} the exit code */
export function main(args) {
  return run(
    () => read(args),
    async (options) => {
      const about = machine({ '@zenoh-segments/core': packageVersion('../packages/core/package.json') });
      const results = await measureGrowth(options);
      const { rounds, seconds, json, plots } = options;
      console.log(
        `${machineText(about)}\n${rounds} rounds of about ${seconds} s; CPU microseconds per message, medians\n`,
      );
      const goals = results.flatMap(verdictsOf);
      for (const result of results) console.log(`${result.axis.title}\n\n${table(result)}\n`);
      for (const goal of goals) console.log(`${goal.path}, ${goal.at}: ${goal.value?.toFixed(2)}, ${goalText(goal)}`);
      if (plots !== undefined)
        await writePlots(
          plots,
          results,
          `${about.cpu}, ${about.cpus} CPUs, Node ${about.node}, ${about.date.slice(0, 10)}`,
        );
      const failures = results.flatMap(failureTexts);
      report({ failures, json, data: { machine: about, rounds, seconds, results, goals } });
    },
  );
}

/** All points of an axis in every round. @param {{ axes: import('./axes.mjs').Axis[], rounds: number, seconds: number }} options */
export async function measureGrowth({ axes, rounds, seconds }) {
  const results = axes.map((axis) => new AxisResult(axis));
  const peer = new PeerProcess(
    'peer',
    node(fileURLToPath(new URL('peer.mjs', import.meta.url)), '@zenoh-segments/core'),
  );
  try {
    await peer.hear('ready', LIMIT_MS);
    for (const { axis, points } of results) {
      for (let round = 1; round <= rounds; round++) {
        console.error(`${axis.title}, round ${round} of ${rounds}`);
        for (const point of points.filter(({ failure }) => failure === undefined)) {
          const { series, value } = point;
          peer.say(`measure ${JSON.stringify({ axis: axis.id, series: series.id, value, seconds })}`);
          const { failure, ...cost } = JSON.parse(await peer.hear('measured', LIMIT_MS));
          if (failure === undefined) point.rounds.push(cost);
          else point.failure = failure;
        }
      }
    }
  } catch (error) {
    throw new Error(`${messageOf(error)}${peer.complaint}`);
  } finally {
    await peer.end();
  }
  return results;
}

/** @param {string} folder @param {readonly AxisResult[]} results @param {string} subtitle */
async function writePlots(folder, results, subtitle) {
  const { plot } = await import('./plot.mjs');
  mkdirSync(folder, { recursive: true });
  for (const result of results) {
    const file = join(folder, `${result.axis.id}.svg`);
    writeFileSync(file, await plot(result, subtitle));
    console.error(`wrote ${file}`);
  }
}
