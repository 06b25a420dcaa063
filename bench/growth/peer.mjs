// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// Two sessions of ours in one process, connected by TCP: answers each line `measure {"axis", "series", "value", "seconds"}`
// with `measured {"cpu", "wall"}` or `measured {"failure"}`.
import { createInterface } from 'node:readline';
import { Config, Session } from '@zenoh-segments/core';
import { freePort } from '../free-port.mjs';
import { say } from '../peers/commands.mjs';
import { filling } from '../warm-up.mjs';
import { messageOf } from '../within.mjs';
import { zenohConfig } from '../zenoh-config.mjs';
import { prepare } from './jobs.mjs';

const WARM_SECONDS = 0.3;
const FEWEST = 16;
const MOST = 2_000_000;

const port = await freePort();
const [far, near] = [
  await Session.open(Config.fromJson5(zenohConfig('subscriber', port, false))),
  await Session.open(Config.fromJson5(zenohConfig('publisher', port, false))),
];

/** @typedef {{ axis: string, series: string, value: number, seconds: number }} Request */

/** Microseconds for each message: of processor time, all threads, and of the clock. @param {Request} request */
async function measure({ axis, series, value, seconds }) {
  const [way, form] = series.split('-');
  const ends = { publisher: near, subscriber: way === 'tcp' ? far : near };
  const job = await prepare(ends, axis, value, /** @type {import('./jobs.mjs').Form} */ (form));
  const timed = async (/** @type {number} */ count) => {
    const begun = performance.now();
    await job.run(count);
    return (performance.now() - begun) / 1000;
  };
  const warm = Math.min(WARM_SECONDS, seconds);
  const count = await filling(timed, { seconds, warm, fewest: FEWEST, most: MOST });
  const before = process.cpuUsage();
  const wall = await timed(count);
  const { user, system } = process.cpuUsage(before);
  await job.end();
  return { cpu: (user + system) / count, wall: (wall * 1e6) / count };
}

// The first measurement shall not pay for the compilers.
for (const series of ['local', 'tcp']) await measure({ axis: 'size', series, value: 64, seconds: 1 });
say('ready');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'quit') break;
  const said = await measure(JSON.parse(line.slice('measure '.length))).catch((error) => ({
    failure: messageOf(error),
  }));
  say(`measured ${JSON.stringify(said)}`);
}
process.stdin.destroy();
await near.close();
await far.close();
