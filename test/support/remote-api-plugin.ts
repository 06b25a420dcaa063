// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { connect } from 'node:net';
import process from 'node:process';
import { type Config, CoreError } from '@zenoh-segments/core';
import type { Server } from '../conformance/websocket.js';
import { freePort } from './sessions.js';
import { HANG_MS } from './until.js';

// zenoh-plugin-remote-api, as the Rust peer of the bench runs it: in a process of its own, as zenohd does.

interface Peer {
  readonly complaint: string;
  hear(word: string, limitMs: number): Promise<string>;
  end(): Promise<void>;
}
interface Bench {
  PeerProcess: new (name: string, launch: { command: string; args: string[] }) => Peer;
  ensureRust(): string;
  builtRust(): string | undefined;
}

/** What of a configuration the cases change. */
const SECTIONS = ['mode', 'listen', 'connect', 'scouting', 'transport', 'access_control', 'low_pass_filter'];

const bench = async (file: string) => (await import(new URL(`../../bench/${file}`, import.meta.url).href)) as Bench;
const { PeerProcess } = await bench('peer-process.mjs');
const { builtRust, ensureRust } = await bench('rust-peers.mjs');

/** The program with the plugin: compiled in CI, elsewhere undefined unless the bench compiled it. */
export function pluginBinary(): string | undefined {
  return process.env.CI === 'true' ? ensureRust() : builtRust();
}

/** Serves with the plugin of the program `command`. */
export function withPlugin(command: string): (config: Config) => Promise<Server> {
  return async (config) => {
    const port = await freePort();
    const sections = Object.fromEntries(SECTIONS.map((key) => [key, JSON.parse(config.getJson(key))]));
    const plugins = { remote_api: { websocket_port: `127.0.0.1:${port}` } };
    const args = ['bridge', 'ws', '0', JSON.stringify({ ...sections, plugins })];
    const peer = new PeerProcess('plugin', { command, args });
    try {
      await peer.hear('ready', HANG_MS);
      await listens(port);
    } catch (cause) {
      await peer.end();
      throw new CoreError('OPEN_FAILED', `the server's node did not start${peer.complaint}`, { cause });
    }
    return { locator: `ws/127.0.0.1:${port}`, close: () => peer.end() };
  };
}

/** The plugin says ready before it listens. */
async function listens(port: number): Promise<void> {
  const deadline = performance.now() + HANG_MS;
  const tried = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => resolve(false));
      socket.on('connect', () => {
        socket.destroy();
        resolve(true);
      });
    });
  while (!(await tried())) {
    if (performance.now() > deadline) throw new Error(`nothing listens on ${port} within ${HANG_MS} ms`);
  }
}
