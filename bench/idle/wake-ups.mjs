// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.mjs';
import { node } from '../launch.mjs';
import { PeerProcess } from '../peer-process.mjs';
import { cpuSeconds } from '../process-usage.mjs';
import { ensureRust } from '../rust-peers.mjs';
import { zenohConfig } from '../zenoh-config.mjs';
import { WakeUps } from './threads.mjs';

const LIMIT_MS = 30_000;
/** Until declarations have crossed the network, and V8 has given back memory, which it begins some 8 s after the last work. */
const SETTLE_MS = 25_000;

/** @typedef {{ kinds: Map<string, number>, cpu: number }} Idle by the kind of thread, per second; processor time in microseconds per second */

const program = fileURLToPath(new URL('peer.mjs', import.meta.url));

/**
 * Three processes that idle at the same time: bare Node, ours, and Rust. The sessions are connected with one more in Rust each.
 *
 * @param {{ seconds: number, subscriptions: number }} options @returns {Promise<{ bare: Idle, ours: Idle, rust: Idle }>}
 */
export async function measureIdle({ seconds, subscriptions }) {
  if (process.platform !== 'linux') throw new Error('wake-ups are counted on Linux only: by /proc');
  const rust = ensureRust();
  const count = String(subscriptions);
  /** @type {PeerProcess[]} */
  const started = [];
  /** @param {string} name @param {import('../launch.mjs').Launch} launch */
  const start = async (name, launch) => {
    const peer = new PeerProcess(name, launch);
    started.unshift(peer);
    await peer.hear('ready', LIMIT_MS);
    return peer;
  };
  /** @param {string} name @param {(config: string) => import('../launch.mjs').Launch} launch */
  const connected = async (name, launch) => {
    const port = await freePort();
    const peer = await start(name, launch(zenohConfig('subscriber', port, false)));
    const args = ['idle', 'tcp', '0', zenohConfig('publisher', port, false)];
    await start(`partner of ${name}`, { command: rust, args });
    return peer;
  };
  const ours = node(program, '@zenoh-segments/core');
  try {
    const peers = {
      bare: await start('bare', { command: ours.command, args: [...ours.args, 'bare'] }),
      ours: await connected('ours', (config) => ({ ...ours, args: [...ours.args, 'ours', count, config] })),
      rust: await connected('rust', (config) => ({ command: rust, args: ['idle', 'tcp', count, config] })),
    };
    await setTimeout(SETTLE_MS);
    const begun = performance.now();
    const watched = Object.entries(peers).map(([name, { pid = 0 }]) => {
      return { name, pid, wakeUps: new WakeUps(pid), cpu: cpuSeconds(pid) ?? 0 };
    });
    await setTimeout(seconds * 1000);
    const elapsed = (performance.now() - begun) / 1000;
    const idle = watched.map(({ name, pid, wakeUps, cpu }) => {
      const kinds = new Map([...wakeUps.count()].map(([kind, count]) => [kind, count / elapsed]));
      return [name, { kinds, cpu: (((cpuSeconds(pid) ?? 0) - cpu) / elapsed) * 1e6 }];
    });
    return Object.fromEntries(idle);
  } finally {
    for (const peer of started) await peer.end();
  }
}
