// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { carriers } from '../arrow/carriers.mjs';
import { contenders } from '../contenders.mjs';
import { axes } from '../growth/axes.mjs';
import { measureGrowth } from '../growth/main.mjs';
import { failureTexts as growthFailures, verdictsOf as growthVerdicts } from '../growth/table.mjs';
import { measureAtRest } from '../idle/main.mjs';
import { measureLatency } from '../latency/main.mjs';
import { verdictsOf as latencyVerdicts } from '../latency/table.mjs';
import { measureAll } from '../main.mjs';
import { failureTexts } from '../rounds.mjs';
import { tidyRust } from '../rust-peers.mjs';
import { verdictsOf } from '../table.mjs';

/** @typedef {import('../goals.mjs').Verdict} Verdict */
/** @typedef {{ rounds: number, seconds: number }} Options */
/** What a part found, a line for each contender that failed, and what is kept of it besides. @typedef {{ goals: Verdict[], failures: string[], results: unknown }} Part */

const MIB = 2 ** 20;
const named = (/** @type {string[]} */ ...ids) => contenders.filter(({ id }) => ids.includes(id));

/** @param {import('../main.mjs').Measuring} options @returns {Promise<Part>} */
async function carrying(options) {
  const results = await measureAll(options);
  tidyRust();
  return { goals: results.flatMap((result) => verdictsOf(result, results)), failures: failureTexts(results), results };
}

/** Every goal belongs to one of these. @type {Record<string, (options: Options) => Promise<Part>>} */
export const parts = {
  messages: (options) =>
    carrying({
      ...options,
      sizes: [64, 4096, 65_536, MIB, 16 * MIB],
      peers: named('ours-tcp', 'ours-shm', 'ours-shm-recycled', 'rust-tcp', 'rust-shm', 'zenoh-python', 'zeromq'),
    }),
  websocket: (options) =>
    carrying({
      ...options,
      sizes: [MIB, 8 * MIB],
      peers: named('zenoh-ts', 'ws', 'zenoh-ts-send', 'ws-send', 'zenoh-ts-receive', 'ws-receive'),
    }),
  arrow: (options) =>
    carrying({
      ...options,
      warm: 1,
      sizes: [MIB, 16 * MIB],
      peers: carriers.filter(({ id }) => id === 'shm-ends' || id === 'flight-ends'),
    }),
  latency: async ({ rounds, seconds }) => {
    const peers = named('ours-tcp', 'ours-shm', 'rust-tcp', 'rust-shm');
    const results = await measureLatency({ sizes: [64], peers, rounds, seconds, load: 1000 });
    const goals = results.flatMap((result) => latencyVerdicts(result, results));
    return { goals, failures: failureTexts(results), results };
  },
  growth: async ({ rounds, seconds }) => {
    const wanted = { size: [64, MIB], segments: [1000] };
    const few = axes
      .filter((axis) => axis.id in wanted)
      .map((axis) => ({ ...axis, values: wanted[/** @type {keyof typeof wanted} */ (axis.id)] }));
    const results = await measureGrowth({ axes: few, rounds, seconds });
    return { goals: results.flatMap(growthVerdicts), failures: results.flatMap(growthFailures), results };
  },
  idle: async () => {
    const { goals, wakeUps, times } = await measureAtRest({ seconds: 10, subscriptions: 100, starts: 21 });
    const idle = Object.entries(wakeUps).map(([name, { kinds, cpu }]) => [name, { ...Object.fromEntries(kinds), cpu }]);
    return { goals, failures: [], results: { wakeUps: Object.fromEntries(idle), times } };
  },
};
