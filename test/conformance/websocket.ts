// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Config, Session } from '@zenoh-segments/core';
import * as entry from '@zenoh-segments/core/websocket';
import { remote } from '../support/websocket.js';
import type { Member, TestedBackend } from './backend.js';

/** A remote-api server on a node of its own. */
export interface Server {
  /** `ws/127.0.0.1:10000` */
  readonly locator: string;
  close(): Promise<void>;
}

/** Sessions over a WebSocket, each by a server that `serve` makes. */
export function overWebSocket(
  serve: (config: Config) => Promise<Server>,
  options: entry.ConfigOptions = {},
): TestedBackend {
  const locators = new WeakMap<Member, string>();
  return {
    entry: entry as unknown as TestedBackend['entry'],
    async join(config) {
      const server = await serve(config);
      let session: Session;
      try {
        session = await Session.open(remote(server.locator, options));
      } catch (error) {
        await server.close();
        throw error;
      }
      const leave = async () => {
        try {
          await session.close();
        } finally {
          await server.close();
        }
      };
      const member = { session, leave };
      locators.set(member, server.locator);
      return member;
    },
    configOf: (member) => remote(locators.get(member) as string, options),
    copies: {
      // Gathered into the message that is sent; what is received is views of its message.
      sent: (websocket) => ({ websocket }),
      received: () => ({}),
    },
  };
}

/** The server of a native session, in this process. */
export async function embedded(config: Config): Promise<Server> {
  const node = await Session.open(config, { serve: { websocket: 'ws/127.0.0.1:0' } });
  return { locator: node.websocketServer?.locator as string, close: () => node.close() };
}
