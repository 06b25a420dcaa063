// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Session, type WebSocketServeOptions, type WebSocketServer } from '@zenoh-segments/core';
import { isolated } from './sessions.js';

/** A session that serves browsers, closed in the end whatever happens. */
export async function serving<T>(
  options: Omit<WebSocketServeOptions, 'listen'> & { readonly listen?: string },
  run: (server: WebSocketServer, session: Session) => Promise<T>,
): Promise<T> {
  const websocket = { listen: 'ws/127.0.0.1:0', ...options };
  const session = await Session.open(isolated(), { serve: { websocket } });
  try {
    return await run(session.websocketServer as WebSocketServer, session);
  } finally {
    await session.close();
  }
}
