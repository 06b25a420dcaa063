// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytesSerializer } from '@eclipse-zenoh/zenoh-ts/ext';
import type {
  Asking,
  BackendInbox,
  BackendListener,
  BackendQuerier,
  Hear,
  InboxPlan,
  QuestionFields,
} from '../backend.js';
import type { Reply } from '../reply.js';
import { ask, writeAsking } from './asking.js';
import type { Connection } from './connection.js';
import { Entity } from './entity.js';
import { listenMatching, matchingNow, QUERIER_MATCHING } from './matching.js';
import { noEntityId } from './unsupported.js';
import { Ask } from './wire/message-id.js';

const KIND = { declare: Ask.DECLARE_QUERIER, undeclare: Ask.UNDECLARE_QUERIER };

export class RemoteQuerier implements BackendQuerier {
  readonly #connection: Connection;
  readonly #entity: Entity;
  /** Milliseconds. */
  readonly #timeout: number;

  private constructor(connection: Connection, entity: Entity, timeout: number) {
    this.#connection = connection;
    this.#entity = entity;
    this.#timeout = timeout;
  }

  static async declare(connection: Connection, keyExpr: string, asking: Asking): Promise<RemoteQuerier> {
    const entity = await Entity.declare(connection, KIND, (to) => {
      to.serializeString(keyExpr);
      writeAsking(to, asking);
      to.serializeNumberUint32(asking.timeout);
    });
    return new RemoteQuerier(connection, entity, asking.timeout);
  }

  get id(): string {
    throw noEntityId();
  }

  get(parameters: string, question: QuestionFields, plan: InboxPlan): BackendInbox<Reply> {
    const asked = {
      ask: Ask.QUERIER_GET,
      first: (to: ZBytesSerializer) => {
        to.serializeNumberUint32(this.#entity.id);
        to.serializeString(parameters);
      },
      question,
      last: () => {},
      timeout: this.#timeout,
    };
    return ask(this.#connection, asked, plan);
  }

  matching(): Promise<boolean> {
    return matchingNow(this.#connection, Ask.QUERIER_MATCHING, this.#entity.id);
  }

  listenMatching(hear: Hear<boolean>): Promise<BackendListener> {
    return listenMatching(this.#connection, QUERIER_MATCHING, this.#entity.id, hear);
  }

  undeclare(): Promise<void> {
    return this.#entity.undeclare();
  }
}
