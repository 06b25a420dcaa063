// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { parseArgs } from 'node:util';
import { contenders } from './contenders.mjs';

const HELP = `Usage: pnpm bench [options]

  --sizes <bytes,...>   payload sizes; 64,4096,65536,1048576,16777216 unless given
  --peers <id,...>      contenders; all unless given:
${contenders.map(({ id, title }) => `                          ${id.padEnd(16)}${title}`).join('\n')}
  --rounds <n>          measurements of each contender at each size; 3 unless given
  --seconds <s>         length that a measurement aims at; 0.7 unless given
  --json <file>         writes every measurement there too
  --profile <folder>    writes a CPU profile of each Node process there (slows them)
  --help

The table goes to stdout, progress to stderr. See bench/README.md for what is measured.`;

/**
 * @typedef {object} Options
 * @property {number[]} sizes
 * @property {import('./contenders.mjs').Contender[]} peers
 * @property {number} rounds
 * @property {number} seconds
 * @property {string | undefined} json
 * @property {string | undefined} profile
 */

/** @param {string[]} args @returns {Options | { help: string }} @throws {Error} for what it does not understand */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      sizes: { type: 'string', default: '64,4096,65536,1048576,16777216' },
      peers: { type: 'string', default: contenders.map(({ id }) => id).join() },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '0.7' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { help: HELP };
  return {
    // Below 8 bytes there is no room for a message's number, and a single byte is the harness's probe.
    sizes: values.sizes.split(',').map((text) => within('sizes', text, 8, 64 << 20, Number.isInteger)),
    peers: values.peers.split(',').map(named),
    rounds: within('rounds', values.rounds, 1, 100, Number.isInteger),
    seconds: within('seconds', values.seconds, 0.05, 60, Number.isFinite),
    json: values.json,
    profile: values.profile,
  };
}

/** @param {string} name @param {string} text @param {number} least @param {number} most @param {(n: number) => boolean} is */
function within(name, text, least, most, is) {
  const value = Number(text);
  if (is(value) && value >= least && value <= most) return value;
  throw new Error(`--${name}: ${text} is no number from ${least} to ${most}`);
}

/** @param {string} id */
function named(id) {
  const found = contenders.find((contender) => contender.id === id);
  if (found !== undefined) return found;
  throw new Error(`--peers: ${id} is none of ${contenders.map((contender) => contender.id).join(', ')}`);
}
