// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { parseArgs } from 'node:util';
import { within } from '../within.mjs';

const HELP = `Usage: pnpm bench browser [options]

This library beside zenoh-ts in one Chromium (CHROMIUM, or /usr/bin/chromium), in turns, on one server of ours.

  --sizes <bytes,...>   payload sizes; 64,65536,1048576,8388608 unless given
  --rounds <n>          measurements of each; 5 unless given
  --seconds <s>         length that a measurement aims at; 0.7 unless given
  --json <file>         writes every measurement there too
  --profile <folder>    writes a CPU profile of each page there (slows them)
  --help

For example:
  pnpm bench browser --sizes 1048576 --rounds 9
  pnpm bench browser --sizes 8388608 --rounds 1 --seconds 3 --profile profiles

The table goes to stdout, progress to stderr. See bench/README.md for what is measured.`;

/** @typedef {{ sizes: number[], rounds: number, seconds: number, json: string | undefined, profile: string | undefined }} Options */

/** @param {string[]} args @returns {Options | { help: string }} @throws {Error} for what it does not understand */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      sizes: { type: 'string', default: '64,65536,1048576,8388608' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '0.7' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { help: HELP };
  return {
    sizes: values.sizes.split(',').map((text) => within('sizes', text, 8, 64 << 20, Number.isInteger)),
    rounds: within('rounds', values.rounds, 1, 100, Number.isInteger),
    seconds: within('seconds', values.seconds, 0.05, 60, Number.isFinite),
    json: values.json,
    profile: values.profile,
  };
}
