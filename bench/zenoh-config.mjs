// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check

// Sessions that meet on one loopback port and nowhere else; all other settings are zenoh's own.
const ALONE = { mode: 'peer', scouting: { multicast: { enabled: false }, gossip: { enabled: false } } };

/**
 * The configuration of a zenoh peer, the same for every language.
 *
 * @param {'publisher' | 'subscriber'} role
 * @param {number} port
 * @param {boolean} shm
 */
export function zenohConfig(role, port, shm) {
  const meeting = [`tcp/127.0.0.1:${port}`];
  return JSON.stringify({
    ...ALONE,
    listen: { endpoints: role === 'subscriber' ? meeting : [] },
    connect: { endpoints: role === 'publisher' ? meeting : [] },
    // zenoh's own optimisation copies large payloads into shared memory: over TCP that would not be TCP any more.
    transport: { shared_memory: { enabled: shm, transport_optimization: { enabled: false } } },
  });
}

/** The websocket server for zenoh-ts; both ends are its clients. @param {number} port */
export function bridgeConfig(port) {
  return JSON.stringify({
    ...ALONE,
    listen: { endpoints: [] },
    plugins: { remote_api: { websocket_port: `127.0.0.1:${port}` } },
  });
}
