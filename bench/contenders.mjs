// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { ensurePython } from '../scripts/python-peers.mjs';
import { ensureRust } from './rust-peers.mjs';
import { bridgeConfig, zenohConfig } from './zenoh-config.mjs';

/** @typedef {'publisher' | 'subscriber'} Role */
/** @typedef {{ command: string, args: string[] }} Launch */

/**
 * Someone who can carry messages from one process to another. A peer is started with
 * `<role> <link> <size> <place>`, and answers the commands of bench/README.md.
 *
 * @typedef {object} Contender
 * @property {string} id
 * @property {string} title
 * @property {'tcp' | 'shm' | 'ws'} link
 * @property {() => Launch} launch Throws an Error with the reason when the contender is missing on this machine.
 * @property {(role: Role, port: number) => string} place Where the two meet, as the peer wants it written.
 * @property {((port: number) => Launch) | undefined} [bridge] A third process between the two.
 */

const peer = (/** @type {string} */ file) => fileURLToPath(new URL(`peers/${file}`, import.meta.url));
const require = createRequire(import.meta.url);

/** @param {string} file @param {string} module @param {string[]} [flags] @returns {Launch} */
function node(file, module, flags = []) {
  try {
    const entry = import.meta.resolve(module);
    if (!existsSync(fileURLToPath(entry))) throw new Error(`${module} is not built`);
  } catch (error) {
    throw new Error(`${module} can't be loaded: ${/** @type {Error} */ (error).message.split('\n')[0]}`);
  }
  return { command: process.execPath, args: [...flags, peer(file)] };
}

/** @returns {Launch} */
function python() {
  const found = ensurePython();
  if ('missing' in found) throw new Error(found.missing);
  return { command: found.python, args: [peer('zenoh_python.py')] };
}

/** A native module that was not compiled or fetched fails when it is loaded. @param {string} module */
function loads(module) {
  try {
    require(module);
  } catch (error) {
    throw new Error(`${module} can't be loaded: ${/** @type {Error} */ (error).message.split('\n')[0]}`);
  }
}

const rust = () => ({ command: ensureRust(), args: [] });
const ours = () => node('zenoh-segments.mjs', '@zenoh-segments/core');
const tcp = (/** @type {Role} */ role, /** @type {number} */ port) => zenohConfig(role, port, false);
const shm = (/** @type {Role} */ role, /** @type {number} */ port) => zenohConfig(role, port, true);

/** @type {readonly Contender[]} */
export const contenders = [
  { id: 'ours-tcp', title: 'zenoh-segments, TCP', link: 'tcp', launch: ours, place: tcp },
  { id: 'ours-shm', title: 'zenoh-segments, SHM', link: 'shm', launch: ours, place: shm },
  { id: 'rust-tcp', title: 'zenoh in Rust, TCP', link: 'tcp', launch: rust, place: tcp },
  { id: 'rust-shm', title: 'zenoh in Rust, SHM', link: 'shm', launch: rust, place: shm },
  { id: 'zenoh-python', title: 'zenoh-python, TCP', link: 'tcp', launch: python, place: tcp },
  {
    id: 'zeromq',
    title: 'zeromq.js PUSH/PULL, TCP',
    link: 'tcp',
    launch: () => {
      loads('zeromq');
      return node('zeromq.mjs', 'zeromq');
    },
    place: (_role, port) => `tcp://127.0.0.1:${port}`,
  },
  {
    id: 'zenoh-ts',
    title: 'zenoh-ts, websocket bridge',
    link: 'ws',
    launch: () => node('zenoh-ts.mjs', '@eclipse-zenoh/zenoh-ts', ['--no-warnings', '--experimental-wasm-modules']),
    place: (_role, port) => `ws/127.0.0.1:${port}`,
    bridge: (port) => ({ command: ensureRust(), args: ['bridge', 'ws', '0', bridgeConfig(port)] }),
  },
];
