// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { meet, START_LIMIT_MS, withPeers } from '../meeting.mjs';
import { filling } from '../warm-up.mjs';

const RUN_LIMIT_MS = 60_000;
/** Samples of one measurement at most: they come as one line. */
const MOST = 100_000;
const FEWEST = 10;
const WARM_SECONDS = 0.5;

/** Nanoseconds of each round trip: one at a time, and so many a second. @typedef {{ alone: number[], loaded: number[] }} Trips */

/**
 * Round trips between two fresh processes: first one at a time, then at a fixed rate.
 *
 * @param {import('../contenders.mjs').Contender} contender @param {number} size
 * @param {{ seconds: number, rate: number, profile?: string | undefined }} options `rate` in messages per second
 * @returns {Promise<Trips>}
 */
export function measureTrips(contender, size, { seconds, rate, profile }) {
  const how = /** @type {const} */ ({ listener: 'echo', caller: 'ping', profile });
  return withPeers(contender, size, how, async (pinger) => {
    await meet(pinger, pinger);
    /** @param {string} command @param {number} count @returns {Promise<number[]>} */
    const run = async (command, count) => {
      pinger.say(command);
      const samples = JSON.parse(await pinger.hear('samples', RUN_LIMIT_MS));
      if (samples.length !== count) throw new Error(`${samples.length} of ${count} messages came back`);
      return samples;
    };
    const timed = async (/** @type {number} */ count) => {
      const begun = performance.now();
      await run(`ping ${count}`, count);
      return (performance.now() - begun) / 1000;
    };
    const count = await filling(timed, { seconds, warm: Math.min(WARM_SECONDS, seconds), fewest: FEWEST, most: MOST });
    const alone = await run(`ping ${count}`, count);
    const paced = Math.max(FEWEST, Math.round(rate * seconds));
    const loaded = await run(`load ${paced} ${rate}`, paced);
    pinger.say('quit');
    await pinger.hear('total', START_LIMIT_MS);
    return { alone, loaded };
  });
}
