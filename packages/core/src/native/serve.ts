// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { milliseconds } from '../duration.js';
import { check, checkKnown, checkOptions } from '../qos.js';
import type { ServeOptions, WebSocketServeOptions } from '../serve.js';
import type { BackendServer, WebSocketServerStats } from '../websocket-server.js';
import type { SessionHandle } from './addon.js';
import { eventLoop } from './event-loop.js';
import { call } from './load.js';

const WEBSOCKET: Readonly<Record<keyof WebSocketServeOptions, true>> = {
  listen: true,
  tls: true,
  origins: true,
  backlog: true,
  maxMessage: true,
  maxClients: true,
  silenceLimit: true,
};
const MIB = 1024 * 1024;
/** Far above what a process can serve; tokio counts no more. */
const MOST_CLIENTS = 100_000;
const LEAST_MESSAGE = 1024;

function size(value: number | undefined, otherwise: number, least: number, name: string): number {
  const bytes = value ?? otherwise;
  check(Number.isSafeInteger(bytes) && bytes >= least, name, bytes);
  return bytes;
}

function websocket(options: WebSocketServeOptions): Record<string, unknown> {
  checkOptions(options);
  checkKnown(options, '`serve.websocket`', WEBSOCKET);
  const { listen, tls, origins = [], backlog, maxMessage, maxClients, silenceLimit = 30_000 } = options;
  check(typeof listen === 'string', 'serve.websocket.listen', listen);
  check(Array.isArray(origins) && origins.every((one) => typeof one === 'string'), 'serve.websocket.origins', origins);
  if (tls !== undefined) {
    checkOptions(tls);
    checkKnown(tls, '`serve.websocket.tls`', { certificate: true, privateKey: true });
    check(typeof tls.certificate === 'string', 'serve.websocket.tls.certificate', tls.certificate);
    check(typeof tls.privateKey === 'string', 'serve.websocket.tls.privateKey', tls.privateKey);
  }
  const clients = size(maxClients, 256, 1, 'serve.websocket.maxClients');
  check(clients <= MOST_CLIENTS, 'serve.websocket.maxClients', clients);
  const silence = milliseconds(silenceLimit, 'serve.websocket.silenceLimit');
  return {
    listen,
    tls: tls && { certificate: tls.certificate, privateKey: tls.privateKey },
    origins,
    backlog: size(backlog, 64 * MIB, 0, 'serve.websocket.backlog'),
    maxMessage: size(maxMessage, 64 * MIB, LEAST_MESSAGE, 'serve.websocket.maxMessage'),
    maxClients: clients,
    silenceLimit: size(silence, silence, 1, 'serve.websocket.silenceLimit'),
  };
}

/** The options with their defaults, as the addon reads them; undefined when nothing is served. */
export function serveSettings(options: ServeOptions | undefined): string | undefined {
  if (options === undefined) return undefined;
  checkOptions(options);
  checkKnown(options, '`serve`', { websocket: true });
  const wanted = options.websocket;
  if (wanted === undefined) return undefined;
  return JSON.stringify(websocket(typeof wanted === 'string' ? { listen: wanted } : wanted));
}

/** The server that came with a session. */
export class NativeServer implements BackendServer {
  readonly #session: SessionHandle;
  #alive = false;
  #ended = false;

  constructor(session: SessionHandle) {
    this.#session = session;
    this.keepAlive(true);
  }

  stats(): WebSocketServerStats & { readonly locator: string } {
    return JSON.parse(call((native) => native.sessionServerStats(this.#session)));
  }

  keepAlive(alive: boolean): void {
    if (this.#ended || alive === this.#alive) return;
    this.#alive = alive;
    if (alive) eventLoop().stay();
    else eventLoop().leave();
  }

  /** The session closes. */
  end(): void {
    this.keepAlive(false);
    this.#ended = true;
  }
}
