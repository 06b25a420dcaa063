// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { IntoDuration } from './duration.js';

/** How a session serves the browsers that connect to it. */
export interface WebSocketServeOptions {
  /** `ws/127.0.0.1:10000`, `wss/…` with `tls`, or the form of a URL; port 0 is any free one. */
  readonly listen: string;
  /** Paths of PEM files; needed for `wss`, and for nothing else. */
  readonly tls?: { readonly certificate: string; readonly privateKey: string } | undefined;
  /**
   * Web pages that may connect besides those of the same host, each as the browser sends it (`https://example.org`); `*`
   * is any. Programs that are no browsers send no origin, and may always.
   */
  readonly origins?: readonly string[] | undefined;
  /** The most bytes that wait for one slow client; 64 MiB unless given. What does not fit is lost for that client. */
  readonly backlog?: number | undefined;
  /** The most bytes of one message from a client; 64 MiB unless given. */
  readonly maxMessage?: number | undefined;
  /** The most clients at a time; 256 unless given. */
  readonly maxClients?: number | undefined;
  /**
   * A client of which nothing is heard for so long is given up; 30 s unless given. From a third of it on, it is asked for a
   * sign of life.
   */
  readonly silenceLimit?: IntoDuration | undefined;
}

/** What a session serves besides being one. */
export interface ServeOptions {
  /**
   * A server for `@zenoh-segments/core/websocket` and for zenoh-ts, inside this process: a locator such as
   * `ws/127.0.0.1:0`, or more settings.
   */
  readonly websocket?: string | WebSocketServeOptions | undefined;
}
