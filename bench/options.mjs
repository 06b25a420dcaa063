// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { parseArgs } from 'node:util';
import { oneOf, within } from './within.mjs';

/**
 * @typedef {object} Options
 * @property {number[]} sizes
 * @property {import('./contenders.mjs').Contender[]} peers
 * @property {number} rounds
 * @property {number} seconds
 * @property {string | undefined} json
 * @property {string | undefined} profile
 * @property {Record<string, string>} more
 */

/**
 * A bench of contenders that carry messages.
 *
 * @typedef {object} Bench
 * @property {string} command
 * @property {string} examples lines of the help text
 * @property {readonly import('./contenders.mjs').Contender[]} contenders
 * @property {{ sizes: string, rounds: string, seconds: string }} standard
 * @property {readonly { name: string, value: string, help: string, standard: string }[]} [more]
 */

/** @param {string[]} args @param {Bench} bench @returns {Options | { help: string }} @throws {Error} for what it does not understand */
export function readOptions(args, bench) {
  const { contenders, standard, more = [] } = bench;
  const strings = more.map(({ name, standard }) => [name, { type: 'string', default: standard }]);
  const { values } = parseArgs({
    args,
    options: {
      .../** @type {Record<string, { type: 'string', default: string }>} */ (Object.fromEntries(strings)),
      sizes: { type: 'string', default: standard.sizes },
      peers: { type: 'string', default: contenders.map(({ id }) => id).join() },
      rounds: { type: 'string', default: standard.rounds },
      seconds: { type: 'string', default: standard.seconds },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { help: helpText(bench) };
  const chosen = /** @type {Record<string, unknown>} */ (values);
  return {
    // Below 8 bytes there is no room for a message's number, and a single byte is the harness's probe.
    sizes: values.sizes.split(',').map((text) => within('sizes', text, 8, 64 << 20, Number.isInteger)),
    peers: values.peers.split(',').map(oneOf('peers', contenders)),
    rounds: within('rounds', values.rounds, 1, 100, Number.isInteger),
    seconds: within('seconds', values.seconds, 0.05, 60, Number.isFinite),
    json: values.json,
    profile: values.profile,
    more: Object.fromEntries(more.map(({ name }) => [name, String(chosen[name])])),
  };
}

/** @param {Bench} bench */
function helpText({ command, examples, contenders, standard, more = [] }) {
  const added = more.map(
    ({ name, value, help, standard }) => `  ${`--${name} ${value}`.padEnd(21)} ${help}; ${standard} unless given\n`,
  );
  return `Usage: ${command} [options]

  --sizes <bytes,...>   payload sizes; ${standard.sizes} unless given
  --peers <id,...>      contenders; all unless given:
${contenders.map(({ id, title }) => `                          ${id.padEnd(16)} ${title}`).join('\n')}
  --rounds <n>          measurements of each contender at each size; ${standard.rounds} unless given
  --seconds <s>         length that a measurement aims at; ${standard.seconds} unless given
${added.join('')}  --json <file>         writes every measurement there too
  --profile <folder>    writes a CPU profile of each Node process there (slows them)
  --help

For example:
${examples}

The table goes to stdout, progress to stderr. See bench/README.md for what is measured.`;
}
