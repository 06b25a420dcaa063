// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { messageOf } from '../within.mjs';

/** @typedef {import('../goals.mjs').Verdict} Verdict */
/** @typedef {{ machine: ReturnType<typeof import('../machine.mjs').machine>, rounds: number, seconds: number, runs: { goals: Verdict[] }[] }} Results */

/** @type {Record<string, (data: any) => boolean>} */
const PARTS = {
  'machine: date, node, cpus, cpu, system and versions': ({ machine }) =>
    ['date', 'node', 'cpu', 'system'].every((name) => typeof machine[name] === 'string') &&
    !Number.isNaN(Date.parse(machine.date)) &&
    Number.isInteger(machine.cpus) &&
    Object.values(machine.versions).every((version) => typeof version === 'string'),
  'rounds and seconds': ({ rounds, seconds }) => Number.isFinite(rounds) && Number.isFinite(seconds),
  'runs, each with goals': ({ runs }) =>
    runs.length > 0 && runs.every((/** @type {any} */ { goals }) => goals.every(isVerdict)),
};

/** @param {any} goal whose value is absent, or no number that JSON knows, where something was missing */
function isVerdict({ path, at, goal, value, met }) {
  const isNamed = [path, at, goal].every((text) => typeof text === 'string');
  return isNamed && typeof met === 'boolean' && (value == null || typeof value === 'number');
}

/**
 * What `pnpm bench goals --json` wrote.
 *
 * @param {string} text @returns {Results} @throws {Error} that says what is wrong with it
 */
export function resultsOf(text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is no JSON (${messageOf(error)})`);
  }
  for (const [part, is] of Object.entries(PARTS)) if (!holds(is, data)) throw new Error(`it lacks ${part}`);
  return data;
}

/** @param {(data: any) => boolean} is @param {unknown} data */
function holds(is, data) {
  try {
    return is(data);
  } catch {
    // Something on the way is absent, or of another type.
    return false;
  }
}
