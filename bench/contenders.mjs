// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PATHS, shmGoals, tcpGoals, websocketGoals } from './goals.mjs';
import { node, python } from './launch.mjs';
import { natsServer } from './nats-server.mjs';
import { ensureRust } from './rust-peers.mjs';
import { socketPath } from './unix-sockets.mjs';
import { besideConfig, bridgeConfig, unixConfig, zenohConfig } from './zenoh-config.mjs';

/** Who carries messages one way, or sends them and gets them back. @typedef {'publisher' | 'subscriber' | 'ping' | 'echo'} Role */
/** @typedef {import('./launch.mjs').Launch} Launch */

/**
 * Someone who can carry messages from one process to another. A peer is started with
 * `<role> <link> <size> <place>`, and answers the commands of bench/README.md.
 *
 * @typedef {object} Contender
 * @property {string} id
 * @property {string} title
 * @property {'tcp' | 'shm' | 'ws' | 'unix'} link
 * @property {(role: Role) => Launch} launch Throws an Error with the reason when the contender is missing on this machine.
 * @property {(role: Role, port: number, second: number) => string} place Where the two meet, as the peer wants it written.
 * @property {((port: number, second: number) => Launch) | undefined} [bridge] A third process between the two.
 * @property {boolean} [echoes] Whether it has the roles `ping` and `echo`.
 * @property {(size: number) => import('./goals.mjs').Goal[]} [goals] What it shall reach.
 * @property {string} [beside] Whom it is compared with.
 */

const peer = (/** @type {string} */ file) => fileURLToPath(new URL(`peers/${file}`, import.meta.url));
const require = createRequire(import.meta.url);

/** A native module that was not compiled or fetched fails when it is loaded. @param {string} module */
function loads(module) {
  try {
    require(module);
  } catch (error) {
    throw new Error(`${module} can't be loaded: ${/** @type {Error} */ (error).message.split('\n')[0]}`);
  }
}

const rust = () => ({ command: ensureRust(), args: [] });
const ours = () => node(peer('ours/main.mjs'), '@zenoh-segments/core');
const recycling = () => {
  const { command, args } = ours();
  return { command, args: [...args, '--recycled'] };
};
const tcp = (/** @type {Role} */ role, /** @type {number} */ port) => zenohConfig(role, port, false);
const shm = (/** @type {Role} */ role, /** @type {number} */ port) => zenohConfig(role, port, true);

const zeromq = () => {
  loads('zeromq');
  return node(peer('zeromq.mjs'), 'zeromq');
};
const zenohTs = () =>
  node(peer('zenoh-ts.mjs'), '@eclipse-zenoh/zenoh-ts', ['--no-warnings', '--experimental-wasm-modules']);
/** @param {number} port @param {number} tcp @returns {Launch} */
const embedded = (port, tcp) => ({
  command: process.execPath,
  args: [peer('server.mjs'), zenohConfig('subscriber', tcp, false), `ws/127.0.0.1:${port}`],
});
/** @param {number} port @param {number} tcp */
const plugin = (port, tcp) => ({ command: ensureRust(), args: ['bridge', 'ws', '0', bridgeConfig(port, tcp)] });

/**
 * A WebSocket client at one end, and a zenoh peer in Rust at the other, which the server is connected with by TCP.
 *
 * @param {string} id @param {string} title @param {() => Launch} client @param {Role} end
 * @param {Contender['goals']} [goals] @returns {Contender}
 */
function halfway(id, title, client, end, goals) {
  return {
    id: `${id}-${end === 'publisher' ? 'send' : 'receive'}`,
    title: `${title}, websocket, ${end} alone`,
    link: 'ws',
    launch: (role) => (role === end ? client() : rust()),
    place: (role, port, tcp) => (role === end ? `ws/127.0.0.1:${port}` : besideConfig(tcp)),
    bridge: embedded,
    ...(goals === undefined ? {} : { goals }),
  };
}

/** @type {readonly Contender[]} */
export const contenders = [
  {
    id: 'ours-tcp',
    title: 'zenoh-segments, TCP',
    link: 'tcp',
    launch: ours,
    place: tcp,
    echoes: true,
    goals: tcpGoals,
  },
  {
    id: 'ours-shm',
    title: 'zenoh-segments, SHM',
    link: 'shm',
    launch: ours,
    place: shm,
    echoes: true,
    goals: shmGoals(PATHS.shm),
  },
  {
    id: 'ours-shm-recycled',
    title: 'zenoh-segments, SHM recycled',
    link: 'shm',
    launch: recycling,
    place: shm,
    goals: shmGoals(PATHS.recycled),
  },
  { id: 'rust-tcp', title: 'zenoh in Rust, TCP', link: 'tcp', launch: rust, place: tcp, echoes: true },
  { id: 'rust-shm', title: 'zenoh in Rust, SHM', link: 'shm', launch: rust, place: shm, echoes: true },
  {
    id: 'zenoh-python',
    title: 'zenoh-python, TCP',
    link: 'tcp',
    launch: () => python(peer('zenoh_python.py')),
    place: tcp,
    echoes: true,
  },
  {
    id: 'zeromq',
    title: 'zeromq.js, TCP',
    link: 'tcp',
    launch: zeromq,
    place: (_role, port) => `tcp://127.0.0.1:${port}`,
    echoes: true,
  },
  {
    id: 'nats',
    title: 'nats.js, TCP through a nats-server',
    link: 'tcp',
    launch: () => node(peer('nats.mjs'), '@nats-io/transport-node'),
    place: (_role, port) => `nats://127.0.0.1:${port}`,
    bridge: (port) => ({ command: process.execPath, args: [peer('nats-server.mjs'), natsServer(), String(port)] }),
    echoes: true,
  },
  {
    id: 'ours-unix',
    title: 'zenoh-segments, Unix socket',
    link: 'unix',
    launch: ours,
    place: unixConfig,
    echoes: true,
  },
  { id: 'rust-unix', title: 'zenoh in Rust, Unix socket', link: 'unix', launch: rust, place: unixConfig, echoes: true },
  {
    id: 'zeromq-unix',
    title: 'zeromq.js, Unix socket',
    link: 'unix',
    launch: zeromq,
    place: (_role, port) => `ipc://${socketPath(port)}`,
    echoes: true,
  },
  {
    id: 'zenoh-ts',
    title: 'zenoh-ts, websocket bridge',
    link: 'ws',
    launch: zenohTs,
    place: (_role, port) => `ws/127.0.0.1:${port}`,
    bridge: plugin,
  },
  {
    id: 'ws',
    title: 'zenoh-segments, websocket, its own server',
    link: 'ws',
    launch: ours,
    place: (_role, port) => `ws/127.0.0.1:${port}`,
    bridge: embedded,
    goals: websocketGoals('both ends'),
  },
  halfway('zenoh-ts', 'zenoh-ts', zenohTs, 'publisher'),
  halfway('ws', 'zenoh-segments', ours, 'publisher', websocketGoals('send')),
  halfway('zenoh-ts', 'zenoh-ts', zenohTs, 'subscriber'),
  halfway('ws', 'zenoh-segments', ours, 'subscriber', websocketGoals('receive')),
];
