// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { parseArgs } from 'node:util';
import { oneOf, within } from '../within.mjs';

/**
 * @typedef {object} Options
 * @property {number[]} sizes
 * @property {import('./suite.mjs').Row[]} rows
 * @property {number} rounds
 * @property {number} seconds
 * @property {string | undefined} json
 * @property {string | undefined} profile
 */

/**
 * Options of a bench beyond those of `readOptions`: lines of the help text, and a standard value for each.
 *
 * @typedef {{ help: string, standard: Record<string, string> }} More
 */

/**
 * @param {string[]} args @param {import('./suite.mjs').Suite} suite @param {More} [more]
 * @returns {(Options & { more: Record<string, string> }) | { help: string }} @throws {Error} for what it does not understand
 */
export function readOptions(args, { command, rows, sizes }, more = { help: '', standard: {} }) {
  const strings = Object.entries(more.standard).map(([name, text]) => [name, { type: 'string', default: text }]);
  const { values } = parseArgs({
    args,
    options: {
      .../** @type {Record<string, { type: 'string', default: string }>} */ (Object.fromEntries(strings)),
      sizes: { type: 'string', default: sizes.standard.join() },
      rows: { type: 'string', default: rows.map(({ id }) => id).join() },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '0.1' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { help: helpText(command, rows, sizes, more) };
  const chosen = /** @type {Record<string, unknown>} */ (values);
  return {
    sizes: listed(values.sizes).map(sizes.read),
    rows: listed(values.rows).map(oneOf('rows', rows)),
    rounds: within('rounds', values.rounds, 1, 100, Number.isInteger),
    seconds: within('seconds', values.seconds, 0.01, 60, Number.isFinite),
    json: values.json,
    profile: values.profile,
    more: Object.fromEntries(Object.keys(more.standard).map((name) => [name, String(chosen[name])])),
  };
}

/** What stands between commas; nothing for `none`. @param {string} text */
export function listed(text) {
  return text === 'none' ? [] : text.split(',');
}

/**
 * @param {string} command @param {readonly import('./suite.mjs').Row[]} rows
 * @param {import('./suite.mjs').Suite['sizes']} sizes @param {More} more
 */
function helpText(command, rows, sizes, more) {
  return `Usage: ${command} [options]

  --sizes <n,...>       ${sizes.help}; ${sizes.standard.join()} unless given
  --rows <id,...>       what is measured in memory, or none; all unless given:
${rows.map(({ id, title }) => `                          ${id.padEnd(16)}${title}`).join('\n')}
${more.help}  --rounds <n>          measurements of each contender; 5 unless given
  --seconds <s>         length that a measurement in memory aims at; 0.1 unless given
  --json <file>         writes every measurement there too
  --profile <folder>    writes a CPU profile of each Node process there (slows them)
  --help

For example:
  ${command} --rows ${rows[0]?.id} --sizes ${sizes.standard[0]} --rounds 9
  ${command} --profile profiles --json results.json

The tables go to stdout, progress to stderr. See bench/README.md for what is measured.`;
}
