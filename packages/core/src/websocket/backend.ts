// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Backend, BackendListener, BackendSession, OpenOptions } from '../backend.js';
import { type Config, settingsOf } from './config.js';
import { Connection } from './connection.js';
import { RemoteSession } from './session.js';
import { unsupported } from './unsupported.js';

/** zenoh by way of a remote-api server. */
export const webSocketBackend: Backend<Config> = {
  async open(config: Config, { serve }: OpenOptions): Promise<BackendSession> {
    if (serve !== undefined) throw unsupported('a server');
    return new RemoteSession(await Connection.open(settingsOf(config)));
  },

  async scout(): Promise<BackendListener> {
    throw unsupported('scouting');
  },
};
