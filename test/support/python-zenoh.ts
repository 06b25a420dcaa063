// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Config, Session } from '@zenoh-segments/core';
import { PythonPeer } from './python.js';
import { connecting, freePort, listening } from './sessions.js';
import { HANG_MS } from './until.js';

/** How payloads travel between the two processes: copied through a socket, or by descriptors of shared memory. */
export type Link = 'tcp' | 'shm';
export const LINKS: readonly Link[] = ['tcp', 'shm'];

/** What test/peers/zenoh_peer.py tells of a sample; bytes are in hex. */
export interface PythonSample {
  readonly key: string;
  readonly kind: string;
  readonly length: number;
  readonly sha256: string;
  /** Null for a payload of more than 8 KiB. */
  readonly hex: string | null;
  readonly encoding: string;
  readonly timestamp: string | null;
  readonly attachment: string | null;
  readonly priority: string;
  readonly congestionControl: string;
  readonly express: boolean;
  readonly isShm: boolean;
}

/** What Python published. */
export interface PythonPut {
  readonly length: number;
  readonly sha256: string;
  readonly timestamp: string | null;
}

export interface ZenohPeer {
  readonly python: PythonPeer;
  /** Ours, connected to the peer's. */
  readonly session: Session;
  readonly link: Link;
  /** Makes Python subscribe, and resolves when what we put reaches it. `python.call('next')` then tells of it. */
  subscribe(key: string): Promise<void>;
}

export interface ZenohPeerOptions {
  readonly link: Link;
  /** Ours unless given. */
  readonly listener?: 'ours' | 'python';
  /** More of the config of our session, and of Python's. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly pythonSettings?: Readonly<Record<string, unknown>>;
  /** More arguments of the program's `open`. */
  readonly pythonOpen?: Readonly<Record<string, unknown>>;
}

/** A program of test/peers and a session of ours, connected over the loopback interface; both closed whatever happens. */
export async function withZenohPeer(
  program: string,
  { link, listener = 'ours', settings = {}, pythonSettings = {}, pythonOpen = {} }: ZenohPeerOptions,
  run: (peer: ZenohPeer) => Promise<void>,
): Promise<void> {
  const port = await freePort();
  const endpoint = `["tcp/127.0.0.1:${port}"]`;
  const openOurs = () => {
    const config = withShm(listener === 'ours' ? listening(port) : connecting(port), link);
    for (const [key, value] of Object.entries(settings)) config.insertJson5(key, JSON.stringify(value));
    return Session.open(config);
  };
  await PythonPeer.with(program, async (python) => {
    const openPython = () =>
      python.call('open', {
        ...pythonOpen,
        settings: {
          'scouting/multicast/enabled': 'false',
          'listen/endpoints': listener === 'python' ? endpoint : '[]',
          'connect/endpoints': listener === 'python' ? '[]' : endpoint,
          'transport/shared_memory/enabled': String(link === 'shm'),
          ...Object.fromEntries(Object.entries(pythonSettings).map(([key, value]) => [key, JSON.stringify(value)])),
        },
      });
    if (listener === 'python') await openPython();
    const session = await openOurs();
    try {
      if (listener === 'ours') await openPython();
      await run({ python, session, link, subscribe: (key) => subscribe(python, session, key) });
    } finally {
      await session.close();
    }
  });
}

function withShm(config: Config, link: Link): Config {
  config.insertJson5('transport/shared_memory/enabled', String(link === 'shm'));
  return config;
}

/** A declaration takes a moment to arrive: probes are put until one comes out there. */
async function subscribe(python: PythonPeer, session: Session, key: string): Promise<void> {
  await python.call('subscribe', { key });
  const deadline = performance.now() + HANG_MS;
  while (!(await python.call<boolean>('probed'))) {
    if (performance.now() > deadline) throw new Error(`no probe of ${key} reached Python in ${HANG_MS} ms`);
    await session.put(`${key}/probe`, 'probe');
  }
}
