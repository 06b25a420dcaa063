// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median } from 'simple-statistics';
import { messageOf } from '../within.mjs';

const PROGRAM = fileURLToPath(new URL('allocating.mjs', import.meta.url));
// Without the optimising compiler, which takes allocations away at moments of its own, and with a young generation that holds all.
const FLAGS = ['--expose-gc', '--no-opt', '--min-semi-space-size=64', '--max-semi-space-size=64'];
/** V8 learns how large arrays become from the first messages, which differ: one process in ten takes 1 % less or more for good. */
const PROCESSES = 3;

/**
 * Bytes of V8's heap that each hot path takes per step.
 *
 * @returns {Promise<Record<string, number>>} by path
 */
export async function countAllocations() {
  const told = await Promise.all(Array.from({ length: PROCESSES }, once));
  const paths = Object.keys(told[0] ?? {});
  return Object.fromEntries(paths.map((path) => [path, Math.round(median(told.map((each) => each[path] ?? 0)))]));
}

/** @returns {Promise<Record<string, number>>} */
async function once() {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, PROGRAM]);
    return JSON.parse(stdout);
  } catch (error) {
    throw new Error(`allocations could not be counted: ${messageOf(error)}`);
  }
}
