// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Backend, BackendListener, BackendSession, Hear, HelloFacts } from '../backend.js';
import type { Config } from '../config.js';
import { configHandle } from '../config.js';
import type { SessionHandle } from './addon.js';
import { eventLoop } from './event-loop.js';
import { addon } from './load.js';
import { NativeSession } from './session.js';

/** zenoh inside this process, through the addon. */
export const nativeBackend: Backend<Config> = {
  async open(config: Config): Promise<BackendSession> {
    const handle = configHandle(config);
    return new NativeSession(await eventLoop().operation<SessionHandle>(() => addon().sessionOpen(handle)));
  },

  scout(what: number, config: Config, hear: Hear<HelloFacts>): Promise<BackendListener> {
    const handle = configHandle(config);
    return eventLoop().listen(() => addon().scout(handle, what), hear);
  },
};
