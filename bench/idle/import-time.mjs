// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { max, median, min } from 'simple-statistics';
import { node } from '../launch.mjs';

/** @typedef {{ median: number, min: number, max: number }} Times */

const programs = /** @type {const} */ (['bare', 'core']);

/**
 * Milliseconds from the start of a Node process to its end, in turns: one that does nothing, and one that imports core.
 *
 * @param {number} starts of each @returns {Record<typeof programs[number], Times>}
 */
export function measureImport(starts) {
  /** @type {Record<string, number[]>} */
  const times = { bare: [], core: [] };
  // The first of each reads the disk.
  for (let round = 0; round <= starts; round++) {
    for (const name of programs) {
      const path = fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));
      const { command, args } = node(path, '@zenoh-segments/core');
      const begun = performance.now();
      const { status } = spawnSync(command, args, { stdio: 'ignore' });
      if (status !== 0) throw new Error(`${name}.mjs ended with ${status}`);
      if (round > 0) times[name]?.push(performance.now() - begun);
    }
  }
  const told = programs.map((name) => {
    const all = times[name] ?? [];
    return [name, { median: median(all), min: min(all), max: max(all) }];
  });
  return Object.fromEntries(told);
}
