// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** What a server counts, since it began. Bytes of connections count what is inside TLS. */
export interface WebSocketServerStats {
  /** Connected now. */
  readonly clients: number;
  /** Clients that ever connected. */
  readonly accepted: number;
  /**
   * Connections turned away. `origin`: a web page that is not allowed; `full`: `maxClients` were there; `handshake`: not a
   * websocket, not in time, or no TLS.
   */
  readonly refused: { readonly origin: number; readonly full: number; readonly handshake: number };
  /** Times that the system had no connection to give, mostly for want of descriptors. */
  readonly acceptErrors: number;
  /** Bytes from clients, and to them. */
  readonly received: number;
  readonly sent: number;
  /** Payload bytes gathered into frames for clients: one copy for each of them. */
  readonly gathered: number;
  /** Payload bytes copied out of received frames, because a reference would have pinned more than it was worth. */
  readonly small: number;
  /** Bytes that wait for one client, plus 256 for each message: the most of any client, now and ever. */
  readonly queued: number;
  readonly highestQueued: number;
  /** Samples lost because they did not fit in a slow client's backlog. */
  readonly dropped: number;
  /** Clients given up: more than twice the backlog waited for them; nothing was heard of them. */
  readonly slow: number;
  readonly silent: number;
  /** Messages that are none of the protocol, or too large. */
  readonly malformed: number;
  /** Requests that failed, where the protocol has no answer to tell it. */
  readonly failed: number;
  /** Queries ended in place of a client that did not answer, because 1,000 others waited there. */
  readonly evictedQueries: number;
}

/** @internal */
export interface BackendServer {
  stats(): WebSocketServerStats & { readonly locator: string };
  keepAlive(alive: boolean): void;
}

/** The server of a session opened with `serve: { websocket }`. It ends with the session, and keeps the process alive. */
export class WebSocketServer {
  readonly #backend: BackendServer;
  /** Where it listens, as a session's config takes it: `ws/127.0.0.1:41234`, with the port that was chosen for 0. */
  readonly locator: string;

  /** @internal */
  constructor(backend: BackendServer) {
    this.#backend = backend;
    this.locator = backend.stats().locator;
  }

  /** As {@link locator}, for a `WebSocket`: `ws://127.0.0.1:41234`. */
  get url(): string {
    return this.locator.replace('/', '://');
  }

  /** Also after the session has closed. */
  stats(): WebSocketServerStats {
    const { locator: _, ...stats } = this.#backend.stats();
    return stats;
  }

  /** Keeps the process alive as long as the server runs, which is so unless {@link unref} was called. */
  ref(): this {
    this.#backend.keepAlive(true);
    return this;
  }

  /** Lets the process end while the server runs. */
  unref(): this {
    this.#backend.keepAlive(false);
    return this;
  }
}
