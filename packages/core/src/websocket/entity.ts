// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendListener } from '../backend.js';
import type { CoreError } from '../errors.js';
import type { Connection, Standing } from './connection.js';
import type { OnEvent } from './routes.js';
import type { Ask } from './wire/message-id.js';
import type { Fill } from './wire/write.js';

/** How a kind of entity is declared, and how its end is told. */
export interface EntityKind {
  readonly declare: Ask;
  readonly undeclare: Ask;
}

/** What an entity hears. */
export interface EntityUser {
  readonly onEvent?: OnEvent | undefined;
  /** The connection is lost. */
  readonly onDown?: (() => void) | undefined;
  /** It does not stand any more, and will not again. */
  readonly onGone?: ((error: CoreError) => void) | undefined;
}

/** Something declared on the server, under a number of ours, that stands until its end on every connection. */
export class Entity implements Standing, BackendListener {
  readonly id: number;
  readonly #connection: Connection;
  readonly #kind: EntityKind;
  readonly #how: Fill;
  readonly #user: EntityUser;

  private constructor(connection: Connection, kind: EntityKind, how: Fill, user: EntityUser) {
    this.id = connection.routes.newId();
    this.#connection = connection;
    this.#kind = kind;
    this.#how = how;
    this.#user = user;
  }

  /**
   * @param how the fields of the declaration after its number
   * @throws {CoreError} `DISCONNECTED`, `SESSION_CLOSED`, `NETWORK`
   */
  static async declare(connection: Connection, kind: EntityKind, how: Fill, user: EntityUser = {}): Promise<Entity> {
    const entity = new Entity(connection, kind, how, user);
    // Always a route, so that nothing else gets the number: events may come before the answer.
    connection.routes.on(entity.id, user.onEvent ?? (() => {}));
    try {
      await connection.add(entity);
    } catch (error) {
      connection.routes.off(entity.id);
      throw error;
    }
    return entity;
  }

  declare(): Promise<void> {
    return this.#connection.command(this.#kind.declare, (to) => {
      to.serializeNumberUint32(this.id);
      this.#how(to);
    });
  }

  onLost(error: CoreError, retry: boolean): void {
    this.#user.onDown?.();
    if (retry) return;
    this.#connection.routes.off(this.id);
    this.#user.onGone?.(error);
  }

  /** A WebSocket keeps its process alive as long as it is open, whatever is declared on it. */
  keepAlive(): void {}

  /** Idempotent; what is lost with its connection has ended already. */
  undeclare(): Promise<void> {
    return this.#connection.remove(this, this.#kind.undeclare, this.id);
  }
}
