// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { run } from '../report.mjs';
import { messageOf, oneOf } from '../within.mjs';
import { countAllocations } from './allocations.mjs';
import { compilers } from './compilers.mjs';
import { countInstructions, missingTools } from './instructions.mjs';
import { INSTRUCTED } from './paths.mjs';

/** @typedef {Record<string, number>} Figures by path */

/**
 * What is counted. `of` is what figures depend on besides the code: others are not compared.
 *
 * @type {readonly { id: string, title: string, of: () => string, tolerance: number, missing: () => string | undefined, count: () => Figures | Promise<Figures> }[]}
 */
const COUNTS = [
  {
    id: 'allocations',
    title: 'bytes of heap per message',
    of: () => `Node ${process.versions.node.split('.')[0]}, ${process.platform} ${process.arch}`,
    tolerance: 0.03,
    missing: () => undefined,
    count: countAllocations,
  },
  {
    id: 'instructions',
    title: 'instructions of the addon per message',
    of: () => `${process.platform} ${process.arch}, ${compilers()}`,
    tolerance: 0.02,
    missing: missingTools,
    count: () => countInstructions(INSTRUCTED),
  },
];

const FILE = fileURLToPath(new URL('figures.json', import.meta.url));

const HELP = `Usage: pnpm bench gate [options]

Counts what the hot paths allocate and execute, and compares with bench/gate/figures.json. Fails where it is more.
What can't be counted or compared on this machine is told in a line, and is no failure.

  --only <id>           ${COUNTS.map(({ id }) => id).join(' or ')}; both unless given
  --figures <file>      another file than that
  --update              writes what is counted there instead
  --help

For example:
  pnpm bench gate --only allocations
  pnpm bench gate --update`;

/** @param {string[]} args */
function read(args) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      figures: { type: 'string', default: FILE },
      update: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return { help: HELP };
  const { only, figures: file, update } = values;
  return { counts: only === undefined ? COUNTS : [oneOf('only', COUNTS)(only)], file, update };
}

/** @param {string} file @returns {Record<string, Record<string, Figures>>} by what is counted, and what it depends on */
function committedIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`the figures can't be read: ${messageOf(error)}`);
  }
}

/** Runs the gate. @param {string[]} args @returns {Promise<number>} the exit code */
export async function main(args) {
  /** @type {string[]} */
  const worse = [];
  const code = await run(
    () => /** @type {{ help: string } | { counts: typeof COUNTS, file: string, update: boolean }} */ (read(args)),
    async ({ counts, file, update }) => {
      const figures = committedIn(file);
      for (const { id, title, of, tolerance, missing, count } of counts) {
        const reason = missing();
        if (reason !== undefined) {
          console.log(reason);
          continue;
        }
        const circumstances = of();
        const committed = figures[id]?.[circumstances];
        if (update) figures[id] = { ...figures[id], [circumstances]: await count() };
        else if (committed === undefined)
          console.log(`There are no figures of ${id} for ${circumstances}: nothing is compared.`);
        else worse.push(...compare(title, await count(), committed, tolerance));
      }
      if (update) writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
    },
  );
  for (const line of worse) console.error(line);
  return worse.length > 0 ? 1 : code;
}

/** @param {string} title @param {Figures} counted @param {Figures} committed @param {number} tolerance @returns {string[]} what is worse */
function compare(title, counted, committed, tolerance) {
  const paths = [...new Set([...Object.keys(counted), ...Object.keys(committed)])];
  const rows = paths.map((path) => {
    const [now, then] = [counted[path], committed[path]];
    if (now === undefined) return { path, now, then, bad: true, verdict: 'no longer counted: run with --update' };
    if (then === undefined) return { path, now, then, bad: true, verdict: 'NEW: run with --update' };
    const change = now / then - 1;
    const percent = `${change >= 0 ? '+' : ''}${(change * 100).toFixed(1)} %`;
    if (change > tolerance) return { path, now, then, bad: true, verdict: `${percent}, MORE` };
    return {
      path,
      now,
      then,
      bad: false,
      verdict: change < -tolerance ? `${percent}, less: run with --update` : percent,
    };
  });
  const cells = rows.map(({ path, now, then, verdict }) => [path, String(then ?? ''), String(now ?? ''), verdict]);
  console.log(`${markdownTable([[title, 'committed', 'now', ''], ...cells], { align: ['l', 'r', 'r', 'l'] })}\n`);
  return rows
    .filter(({ bad }) => bad)
    .map(
      ({ path, now, then, verdict }) =>
        `${title}, ${path}: ${now ?? 'nothing'} where ${then ?? 'nothing'} is committed (${verdict})`,
    );
}
