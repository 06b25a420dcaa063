// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { socketPath } from './unix-sockets.mjs';

// Sessions that meet on one loopback port and nowhere else; of other settings, the queue is as `new Config()` has it, the rest is zenoh's own.
const ALONE = { mode: 'peer', scouting: { multicast: { enabled: false }, gossip: { enabled: false } } };

/** Settings of `transport`. */
export const OUR_TRANSPORT = '{"link":{"tx":{"queue":{"size":{"data":16}}}}}';

/** Of every zenoh peer, beyond what a contender asks for. @type {object} */
let everyTransport = JSON.parse(OUR_TRANSPORT);

/** Settings of `transport` for all zenoh peers from now on. @param {string} json @returns {object} @throws {Error} when it is none */
export function useTransport(json) {
  let settings;
  try {
    settings = JSON.parse(json);
  } catch {
    throw new Error(`--transport: ${json} is no JSON`);
  }
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new Error(`--transport: ${json} is no JSON object, such as ${OUR_TRANSPORT}`);
  }
  everyTransport = settings;
  return settings;
}

/**
 * The configuration of a zenoh peer, the same for every language.
 *
 * @param {import('./contenders.mjs').Role} role
 * @param {number} port
 * @param {boolean} shm
 * @param {object} [more] of `transport`
 */
export function zenohConfig(role, port, shm, more) {
  return meetingAt(`tcp/127.0.0.1:${port}`, role, shm, more);
}

/** The same, over a Unix socket. @param {import('./contenders.mjs').Role} role @param {number} port */
export function unixConfig(role, port) {
  return meetingAt(`unixsock-stream/${socketPath(port)}`, role, false);
}

/** @param {string} locator @param {import('./contenders.mjs').Role} role @param {boolean} shm @param {object} [more] */
function meetingAt(locator, role, shm, more) {
  const meeting = [locator];
  const listens = role === 'subscriber' || role === 'echo';
  return JSON.stringify({
    ...ALONE,
    listen: { endpoints: listens ? meeting : [] },
    connect: { endpoints: listens ? [] : meeting },
    // zenoh's own optimisation copies large payloads into shared memory: over TCP that would not be TCP any more.
    transport: {
      ...everyTransport,
      ...more,
      shared_memory: { enabled: shm, transport_optimization: { enabled: false } },
    },
  });
}

/** A zenoh peer beside the websocket server, whichever role it has. @param {number} port */
export function besideConfig(port) {
  return zenohConfig('publisher', port, false);
}

/**
 * The websocket server, for which one end or both are clients; the other is a zenoh peer that connects by TCP.
 *
 * @param {number} port
 * @param {number} tcp
 */
export function bridgeConfig(port, tcp) {
  return JSON.stringify({
    ...ALONE,
    listen: { endpoints: [`tcp/127.0.0.1:${tcp}`] },
    plugins: { remote_api: { websocket_port: `127.0.0.1:${port}` } },
  });
}
