// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensurePython } from '../scripts/python-peers.mjs';

/** @typedef {{ command: string, args: string[] }} Launch */

/**
 * A Node program which needs `module`.
 *
 * @param {string} program @param {string} module @param {string[]} [flags] @returns {Launch}
 * @throws {Error} with the reason, when the module is missing
 */
export function node(program, module, flags = []) {
  try {
    const entry = import.meta.resolve(module);
    if (!existsSync(fileURLToPath(entry))) throw new Error(`${module} is not built`);
  } catch (error) {
    throw new Error(`${module} can't be loaded: ${/** @type {Error} */ (error).message.split('\n')[0]}`);
  }
  return { command: process.execPath, args: [...flags, program] };
}

/**
 * A Python program, in the environment of test/peers.
 *
 * @param {string} program @returns {Launch} @throws {Error} with the reason, when there is no Python
 */
export function python(program) {
  const found = ensurePython();
  if ('missing' in found) throw new Error(found.missing);
  return { command: found.python, args: [program] };
}
