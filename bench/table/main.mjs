// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { goalTable } from '../goals/table.mjs';
import { run } from '../report.mjs';
import { messageOf } from '../within.mjs';
import { resultsOf } from './results.mjs';

const HELP = `Usage: pnpm bench table [options]

Writes the table in README.md from bench/results/goals.json, between the lines <!-- bench --> and <!-- /bench -->.

  --check               only tells whether README.md has the table of the file
  --results <file>      another file than bench/results/goals.json
  --readme <file>       another one than README.md
  --help

For example:
  pnpm bench goals --json bench/results/goals.json && pnpm bench table
  pnpm bench table --check`;

const RESULTS = fileURLToPath(new URL('../results/goals.json', import.meta.url));
const README = fileURLToPath(new URL('../../README.md', import.meta.url));
const PLACE = /(<!-- bench -->\n)[\s\S]*?(<!-- \/bench -->)/;

/** @typedef {{ check: boolean, results: string, readme: string }} Options */

/** @param {string[]} args @returns {Options | { help: string }} */
function read(args) {
  const { values } = parseArgs({
    args,
    options: {
      check: { type: 'boolean', default: false },
      results: { type: 'string', default: RESULTS },
      readme: { type: 'string', default: README },
      help: { type: 'boolean' },
    },
  });
  return values.help ? { help: HELP } : values;
}

/** Writes the table, or checks it. @param {string[]} args @returns {Promise<number>} the exit code */
export async function main(args) {
  /** @type {string | undefined} */
  let wrong;
  const code = await run(
    () => read(args),
    async (options) => {
      wrong = put(options);
    },
  );
  if (wrong !== undefined) console.error(wrong);
  return wrong === undefined ? code : 1;
}

/** @param {Options} options @returns {string | undefined} what is wrong */
function put({ check, results, readme }) {
  if (!existsSync(results)) return `there is no ${results}: run \`pnpm bench goals --json\` first`;
  let text = '';
  try {
    text = section(resultsOf(readFileSync(results, 'utf8')));
  } catch (error) {
    return `${results} is not what \`pnpm bench goals --json\` writes: ${messageOf(error)}`;
  }
  const is = readFileSync(readme, 'utf8');
  if (!PLACE.test(is)) return `${readme} has no lines <!-- bench --> and <!-- /bench -->`;
  const wanted = is.replace(PLACE, (_, begin, end) => `${begin}${text}${end}`);
  if (wanted === is) return undefined;
  if (check) return `${readme} has another table than ${results}: run \`pnpm bench table\``;
  writeFileSync(readme, wanted);
  return undefined;
}

/** @param {import('./results.mjs').Results} data */
function section(data) {
  const { date, node, cpus, cpu, system, versions } = data.machine;
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `
${goalTable(data)}

${date.slice(0, 10)}, ${cpus} CPUs (${cpu}), ${system}, Node ${node}; ${names.join(', ')}. ${data.runs.length} runs, each with
${data.rounds} rounds of about ${data.seconds} s for each contender, in turns. Made by \`pnpm bench goals --json bench/results/goals.json && pnpm bench table\`.

`;
}
