// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createServer } from 'node:net';
import { Config, Session } from '@zenoh-segments/core';

const FIRST_PORT = 20_000;
/** Each worker of jest has its own, of eight; a program of a test has some worker's. */
const PORTS = 1_500;
let nextPort = Math.floor(Math.random() * PORTS);

/**
 * A TCP port of the loopback interface that was free a moment ago. It is none of those that systems give out by themselves
 * (from 32768 on Linux, from 49152 elsewhere), and none that another test gets before it is used.
 */
export async function freePort(): Promise<number> {
  const worker = Number(process.env.JEST_WORKER_ID ?? 0) % 8;
  for (;;) {
    nextPort = (nextPort + 1) % PORTS;
    const port = FIRST_PORT + worker * PORTS + nextPort;
    const server = createServer();
    const listens = new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!(await listens)) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** Peers that meet on one loopback port and nowhere else. */
export function listening(port: number): Config {
  const config = isolated();
  config.insertJson5('listen/endpoints', `["tcp/127.0.0.1:${port}"]`);
  return config;
}

export function connecting(port: number): Config {
  const config = isolated();
  config.insertJson5('listen/endpoints', '[]');
  config.insertJson5('connect/endpoints', `["tcp/127.0.0.1:${port}"]`);
  return config;
}

/** No scouting: a test must not meet another test's session. */
export function isolated(): Config {
  const config = new Config();
  config.insertJson5('scouting/multicast/enabled', 'false');
  config.insertJson5('scouting/gossip/enabled', 'false');
  config.insertJson5('scouting/delay', '0');
  return config;
}

/** A multicast group that nobody else uses now. */
export async function multicastGroup(): Promise<string> {
  return `224.0.0.224:${await freePort()}`;
}

/** A session that those who scout for its group find, over the loopback interface; it connects to none of them. */
export function scoutable(group: string): Config {
  const config = isolated();
  for (const [key, value] of Object.entries(scoutableSettings(group))) config.insertJson5(key, value);
  return config;
}

/** As keys and values, over those of `isolated`. */
export function scoutableSettings(group: string): Record<string, string> {
  return {
    'scouting/multicast/enabled': 'true',
    'scouting/multicast/address': `"${group}"`,
    'scouting/multicast/interface': '"127.0.0.1"',
    'scouting/multicast/autoconnect': '[]',
  };
}

/** A session that meets nobody, closed in the end whatever happens. */
export async function withSession<T>(run: (session: Session) => Promise<T>): Promise<T> {
  const session = await Session.open(isolated());
  try {
    return await run(session);
  } finally {
    await session.close();
  }
}

/** Two connected sessions, closed in the end whatever happens. */
export async function withPair<T>(run: (left: Session, right: Session) => Promise<T>): Promise<T> {
  const port = await freePort();
  const left = await Session.open(listening(port));
  try {
    const right = await Session.open(connecting(port));
    try {
      return await run(left, right);
    } finally {
      await right.close();
    }
  } finally {
    await left.close();
  }
}
