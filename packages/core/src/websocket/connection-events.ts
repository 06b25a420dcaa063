// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendListener, Hear } from '../backend.js';
import type { ConnectionEvent } from '../connection.js';

/** Who hears what happens to a connection. */
export class ConnectionEvents {
  readonly #listeners = new Set<Hear<ConnectionEvent>>();

  listen(hear: Hear<ConnectionEvent>): BackendListener {
    this.#listeners.add(hear);
    const undeclare = async () => {
      this.#listeners.delete(hear);
    };
    return { undeclare, keepAlive: () => {} };
  }

  tell(event: ConnectionEvent): void {
    for (const hear of [...this.#listeners]) hear(event, 0);
  }
}
