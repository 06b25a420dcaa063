// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from './within.mjs';

/**
 * What a run is to be written to, made sure of before hours go into it.
 *
 * @param {{ json?: string | undefined, profile?: string | undefined, plots?: string | undefined }} places
 * @throws {Error} that names the option
 */
function makeWritable({ json, profile, plots }) {
  for (const [option, folder] of Object.entries({ json: json && dirname(json), profile, plots })) {
    if (folder === undefined) continue;
    try {
      makeFolder(folder);
      accessSync(folder, constants.W_OK);
      if (option === 'json' && json !== undefined) closeSync(openSync(json, 'a'));
    } catch (error) {
      throw new Error(`--${option}: ${messageOf(error)}`);
    }
  }
}

/** One by one: in one call, Node 20 tries for ever where the system makes none, as in /proc. @param {string} folder */
function makeFolder(folder) {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/**
 * A bench as a program: its options, or what is wrong with them, or its help.
 *
 * @template {object} Options
 * @param {() => Options | { help: string }} read @param {(options: Options) => Promise<void>} measure
 * @returns {Promise<number>} the process's exit code
 */
export async function run(read, measure) {
  /** @type {Options | { help: string }} */
  let options;
  try {
    options = read();
    if (!('help' in options)) makeWritable(options);
  } catch (error) {
    console.error(`${messageOf(error)}\nTry --help.`);
    return 2;
  }
  if ('help' in options) console.log(options.help);
  else await measure(options);
  return 0;
}

/**
 * What comes after the tables.
 *
 * @param {{ failures: readonly string[], json: string | undefined, data: object }} told
 */
export function report({ failures, json, data }) {
  if (failures.length > 0) console.log(`\nMissing:\n${failures.join('\n')}`);
  if (json === undefined) return;
  writeFileSync(json, `${JSON.stringify(data, null, 2)}\n`);
}
