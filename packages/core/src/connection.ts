// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendSession } from './backend.js';
import type { CoreError } from './errors.js';
import { declareListener, Listener, type ListenerOptions } from './listener.js';

/**
 * How a session stands to zenoh. One of the native addon has zenoh in its own process: it is `connected` until it is closed,
 * whoever its peers are. One over a WebSocket can lose its server.
 */
export type ConnectionState = 'connected' | 'reconnecting' | 'closed';

/** What happens to the connection of a session to zenoh. */
export type ConnectionEvent =
  /**
   * It is lost, told at once: what others publish from now on does not come. Of what was put, `unsent` bytes had not
   * left this machine; they are lost, or wait as the config says.
   */
  | { readonly kind: 'lost'; readonly error: CoreError; readonly unsent: number }
  /** One more attempt failed; the next is made after `retryIn` ms, or none when that is undefined. */
  | {
      readonly kind: 'failed';
      readonly attempt: number;
      readonly error: CoreError;
      readonly retryIn: number | undefined;
    }
  /**
   * It is back, and `declared` entities are declared again; those in `refused` are not. What was published in the `gap`, in
   * ms, did not come.
   */
  | {
      readonly kind: 'restored';
      readonly gap: number;
      readonly attempts: number;
      readonly declared: number;
      readonly refused: readonly CoreError[];
    }
  /** The session was given up after its last attempt; it is closed. */
  | { readonly kind: 'given up'; readonly error: CoreError };

/** Options of `Session.connectionListener`. */
export type ConnectionListenerOptions = ListenerOptions<ConnectionEvent>;

/** Hears what happens to the connection of a session. Ends with the session. */
export class ConnectionListener extends Listener<ConnectionEvent> {}

export function listenConnection(
  backend: BackendSession,
  options: ConnectionListenerOptions,
  owner: Set<AsyncDisposable>,
): Promise<ConnectionListener> {
  return declareListener(ConnectionListener, options, (hear) => backend.listenConnection(hear), { owners: [owner] });
}
