// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { meet, START_LIMIT_MS, withPeers } from './meeting.mjs';
import { cpuSeconds, peakBytes } from './process-usage.mjs';
import { filling } from './warm-up.mjs';

/** @typedef {import('@zenoh-segments/core').LedgerSnapshot} LedgerSnapshot */
/** @typedef {import('./peer-process.mjs').PeerProcess} PeerProcess */

/**
 * What one end used, and what it told.
 *
 * @typedef {object} End
 * @property {LedgerSnapshot} [ledger] ours only
 * @property {{ p50: number, p99: number, max: number }} [loop] milliseconds by which the event loop was late, in Node
 * @property {number | undefined} cpu seconds of processor time within the timed run, where it is known
 * @property {number | undefined} peak bytes of memory at most
 */

/** @typedef {{ messages: number, seconds: number, sent: End, received: End }} Measurement */

const RUN_LIMIT_MS = 30_000;
/** The warm-up is long enough for compilers and queues to settle, where little is compiled. */
const WARM_SECONDS = 0.25;
const MOST_MESSAGES = 5_000_000;
const FEWEST_MESSAGES = 4;

/**
 * One measurement: two fresh processes, a warm-up that also finds how many messages fill `seconds`, the timed run, and
 * the count of what arrived.
 *
 * @param {import('./contenders.mjs').Contender} contender
 * @param {number} size
 * @param {{ seconds: number, profile?: string | undefined, warm?: number }} options `warm` is seconds of the warm-up's last run
 * @returns {Promise<Measurement>}
 * @throws {Error} with what went wrong
 */
export function measure(contender, size, { seconds, profile, warm = WARM_SECONDS }) {
  const how = /** @type {const} */ ({ listener: 'subscriber', caller: 'publisher', profile });
  return withPeers(contender, size, how, async (publisher, subscriber) => {
    await meet(publisher, subscriber);
    let total = 0;
    /** @param {number} count */
    const run = async (count) => {
      total += count;
      return await timed(publisher, subscriber, count);
    };
    const messages = await filling(run, { seconds, warm, fewest: FEWEST_MESSAGES, most: MOST_MESSAGES });
    const before = [publisher, subscriber].map(({ pid }) => cpuSeconds(pid));
    const elapsed = await run(messages);
    const [sent, received] = [publisher, subscriber].map(({ pid }, index) => {
      const [from, to] = [before[index], cpuSeconds(pid)];
      return { cpu: from === undefined || to === undefined ? undefined : to - from, peak: peakBytes(pid) };
    });
    const told = await account(publisher, subscriber, contender, total, size);
    return {
      messages,
      seconds: elapsed,
      sent: /** @type {End} */ ({ ...told.sent, ...sent }),
      received: /** @type {End} */ ({ ...told.received, ...received }),
    };
  });
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
  return { sent: { ledger: sent.ledger, loop: sent.loop }, received: { ledger: received.ledger, loop: received.loop } };
}
