// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { freePort } from './free-port.mjs';
import { PeerProcess } from './peer-process.mjs';

/** @typedef {import('@zenoh-segments/core').LedgerSnapshot} LedgerSnapshot */

/**
 * @typedef {object} Measurement
 * @property {number} messages
 * @property {number} seconds
 * @property {LedgerSnapshot | undefined} sent ours only
 * @property {LedgerSnapshot | undefined} received ours only
 */

const START_LIMIT_MS = 20_000;
const RUN_LIMIT_MS = 30_000;
/** The warm-up is long enough for compilers and queues to settle. */
const WARM_SECONDS = 0.25;
const MOST_MESSAGES = 5_000_000;
const FEWEST_MESSAGES = 4;

/**
 * One measurement: two fresh processes, a warm-up that also finds how many messages fill `seconds`, the timed run, and
 * the count of what arrived.
 *
 * @param {import('./contenders.mjs').Contender} contender
 * @param {number} size
 * @param {{ seconds: number, profile: string | undefined }} options
 * @returns {Promise<Measurement>}
 * @throws {Error} with what went wrong
 */
export async function measure(contender, size, { seconds, profile }) {
  const port = await freePort();
  const { command, args } = profiled(contender.launch(), profile);
  /** @type {PeerProcess[]} */
  const started = [];
  /** @param {string} name @param {import('./contenders.mjs').Launch} launch */
  const start = async (name, launch) => {
    const peer = new PeerProcess(name, launch);
    started.unshift(peer);
    await peer.hear('ready', START_LIMIT_MS);
    return peer;
  };
  /** @param {import('./contenders.mjs').Role} role */
  const launch = (role) => ({
    command,
    args: [...args, role, contender.link, String(size), contender.place(role, port)],
  });
  try {
    if (contender.bridge !== undefined) await start('bridge', contender.bridge(port));
    const subscriber = await start('subscriber', launch('subscriber'));
    const publisher = await start('publisher', launch('publisher'));
    await meet(publisher, subscriber);
    let total = 0;
    /** @param {number} count */
    const run = async (count) => {
      total += count;
      return await timed(publisher, subscriber, count);
    };
    const messages = await warmUp(run, seconds);
    const elapsed = await run(messages);
    return { messages, seconds: elapsed, ...(await account(publisher, subscriber, contender, total, size)) };
  } catch (error) {
    // The one that fell silent is not always the one that knows why.
    const complaints = started.map((peer) => peer.complaint).join('');
    throw new Error(`${/** @type {Error} */ (error).message}${complaints}`);
  } finally {
    // The publisher first, the bridge last.
    for (const peer of started) await peer.end();
  }
}

/** @param {import('./contenders.mjs').Launch} launch @param {string | undefined} folder */
function profiled({ command, args }, folder) {
  const node = folder !== undefined && command === process.execPath;
  return { command, args: node ? ['--cpu-prof', `--cpu-prof-dir=${folder}`, ...args] : args };
}

/** What is sent before the two know each other is lost: single bytes are sent until one arrives. */
async function meet(/** @type {PeerProcess} */ publisher, /** @type {PeerProcess} */ subscriber) {
  for (let attempt = 0; attempt < 200 && !publisher.over && !subscriber.over; attempt++) {
    publisher.say('probe');
    if ((await subscriber.listen('probed', 50)) !== undefined) return;
  }
  await subscriber.hear('probed', 1000);
}

/**
 * Seconds from the word to send until the last message arrived, both by the clock of this process: they contain the
 * time of two lines through a pipe, a fraction of a millisecond.
 *
 * @param {PeerProcess} publisher @param {PeerProcess} subscriber @param {number} count
 */
async function timed(publisher, subscriber, count) {
  subscriber.say(`expect ${count}`);
  await subscriber.hear('armed', START_LIMIT_MS);
  const begun = performance.now();
  publisher.say(`send ${count}`);
  await subscriber.hear('done', RUN_LIMIT_MS);
  return (performance.now() - begun) / 1000;
}

/** @param {(count: number) => Promise<number>} run @param {number} seconds @returns {Promise<number>} messages to send */
async function warmUp(run, seconds) {
  for (let count = FEWEST_MESSAGES; ; ) {
    const elapsed = await run(count);
    if (elapsed >= WARM_SECONDS || count >= MOST_MESSAGES) {
      return clamp(Math.round((count / elapsed) * seconds), FEWEST_MESSAGES, MOST_MESSAGES);
    }
    // A first run is slow for many reasons, so the next one is at most ten times as long.
    count = Math.ceil(count * clamp((1.2 * WARM_SECONDS) / elapsed, 2, 10));
  }
}

/**
 * Both ends must agree on every message, on every byte, and on the way it went.
 *
 * @param {PeerProcess} publisher @param {PeerProcess} subscriber
 * @param {import('./contenders.mjs').Contender} contender @param {number} total @param {number} size
 */
async function account(publisher, subscriber, { link }, total, size) {
  publisher.say('quit');
  const sent = JSON.parse(await publisher.hear('total', START_LIMIT_MS));
  subscriber.say('quit');
  const received = JSON.parse(await subscriber.hear('total', START_LIMIT_MS));
  const wanted = { count: total, bytes: total * size, shm: link === 'shm' ? total : 0 };
  const { count, bytes, shm } = received;
  if (sent.count !== total || count !== wanted.count || bytes !== wanted.bytes || shm !== wanted.shm) {
    const told = JSON.stringify({ count, bytes, shm });
    throw new Error(
      `${total} messages were due, ${sent.count} sent and ${told} received, not ${JSON.stringify(wanted)}`,
    );
  }
  return { sent: sent.ledger, received: received.ledger };
}

/** @param {number} value @param {number} least @param {number} most */
function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
