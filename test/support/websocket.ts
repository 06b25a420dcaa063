// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type ConnectionEvent, Session } from '@zenoh-segments/core';
import { Config, type ConfigOptions } from '@zenoh-segments/core/websocket';
import { WebSocket } from 'ws';

/** Node 20 has no WebSocket; the same one everywhere. */
export const remote = (locator: string, options: ConfigOptions = {}) => new Config(locator, { WebSocket, ...options });

/** Attempts that follow each other fast, so that a test waits for what it is about. */
export const FAST = { reconnect: { initialDelay: 5, maxDelay: 20 } } as const;

/** A session, and what it tells of its connection; closed in the end whatever happens. */
export async function withRemote<T>(
  locator: string,
  options: ConfigOptions,
  run: (session: Session, events: ConnectionEvent[]) => Promise<T>,
): Promise<T> {
  const session = await Session.open(remote(locator, options));
  try {
    const events: ConnectionEvent[] = [];
    await session.connectionListener({ handler: (each) => events.push(each) });
    return await run(session, events);
  } finally {
    await session.close();
  }
}
