// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Session, type WebSocketServeOptions, type WebSocketServer } from '@zenoh-segments/core';
import { connecting, freePort, listening } from '../support/sessions.js';

/** A native session that serves pages, and another one that it has a TCP connection to. */
export class Served implements AsyncDisposable {
  private constructor(
    readonly host: Session,
    /** Whoever is elsewhere in the network. */
    readonly peer: Session,
  ) {}

  static async start(websocket: string | WebSocketServeOptions = 'ws/127.0.0.1:0'): Promise<Served> {
    const port = await freePort();
    const host = await Session.open(listening(port), { serve: { websocket } });
    return new Served(host, await Session.open(connecting(port)));
  }

  get server(): WebSocketServer {
    return this.host.websocketServer as WebSocketServer;
  }

  get locator(): string {
    return this.server.locator;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.peer.close();
    await this.host.close();
  }
}
