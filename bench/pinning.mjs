// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** With fewer, a process that may use a half alone is slowed more than it is steadied: a session has several threads. */
const LEAST_CPUS = 4;

/** Whether each of two processes gets a half of the CPUs for itself. */
export const pins = cpus().length >= LEAST_CPUS && spawnSync('taskset', ['--version']).status === 0;

/** How, in words. */
export const pinsText = pins ? 'each on a half of the CPUs' : 'on all CPUs';

/**
 * A process that runs on a half of the CPUs, where the machine has enough of them and `taskset`.
 *
 * @param {import('./launch.mjs').Launch} launch @param {0 | 1} half @returns {import('./launch.mjs').Launch}
 */
export function pinned(launch, half) {
  if (!pins) return launch;
  const middle = cpus().length >> 1;
  const list = half === 0 ? `0-${middle - 1}` : `${middle}-${cpus().length - 1}`;
  return { command: 'taskset', args: ['-c', list, launch.command, ...launch.args] };
}
