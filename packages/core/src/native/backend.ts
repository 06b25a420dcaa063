// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Backend, BackendListener, BackendSession, Hear, HelloFacts, OpenOptions } from '../backend.js';
import type { SessionHandle } from './addon.js';
import { type Config, configHandle } from './config.js';
import { eventLoop } from './event-loop.js';
import { addon } from './load.js';
import { NativeServer, serveSettings } from './serve.js';
import { NativeSession } from './session.js';

/** zenoh inside this process, through the addon. */
export const nativeBackend: Backend<Config> = {
  async open(config: Config, options: OpenOptions): Promise<BackendSession> {
    const [handle, serve] = [configHandle(config), serveSettings(options.serve)];
    const session = await eventLoop().operation<SessionHandle>(() => addon().sessionOpen(handle, serve));
    return new NativeSession(session, serve === undefined ? undefined : new NativeServer(session));
  },

  scout(what: number, config: Config, hear: Hear<HelloFacts>): Promise<BackendListener> {
    const handle = configHandle(config);
    return eventLoop().listen(() => addon().scout(handle, what), hear);
  },
};
