// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendListener, BackendPublisher, Done, Hear, MessageFields, PutResult } from '../backend.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import type { Connection } from './connection.js';
import { Entity } from './entity.js';
import { listenMatching, matchingNow, PUBLISHER_MATCHING } from './matching.js';
import { noEntityId, qosByte, refuseUncarried } from './unsupported.js';
import { Frame } from './wire/frame.js';
import { Ask } from './wire/message-id.js';
import { head, writeEncoding, writeOptionalEncoding, writeOptionalTimestamp } from './wire/write.js';

const KIND = { declare: Ask.DECLARE_PUBLISHER, undeclare: Ask.UNDECLARE_PUBLISHER };
/** No encoding, attachment and timestamp of its own: the end of most messages. */
const PLAIN = Uint8Array.of(0, 0, 0);

export class RemotePublisher implements BackendPublisher {
  readonly #connection: Connection;
  readonly #entity: Entity;
  readonly #putHead: Uint8Array;

  private constructor(connection: Connection, entity: Entity) {
    this.#connection = connection;
    this.#entity = entity;
    this.#putHead = head(Ask.PUBLISHER_PUT, (to) => to.serializeNumberUint32(entity.id));
  }

  static async declare(connection: Connection, keyExpr: string, encoding: string | undefined, qos: number) {
    const entity = await Entity.declare(connection, KIND, (to) => {
      to.serializeString(keyExpr);
      writeEncoding(to, encoding);
      to.serializeNumberUint8(qosByte(qos));
    });
    return new RemotePublisher(connection, entity);
  }

  get id(): string {
    throw noEntityId();
  }

  put(payload: ZBytes, message: MessageFields): Done {
    return this.#connection.post(this.#frame(payload, message));
  }

  putSync(payload: ZBytes, message: MessageFields): PutResult {
    return this.#connection.postSync(this.#frame(payload, message));
  }

  delete(message: MessageFields): Done {
    refuseUncarried(message);
    const start = head(Ask.PUBLISHER_DELETE, (to) => to.serializeNumberUint32(this.#entity.id));
    const frame = new Frame(start).optionalBytes(message.attachment);
    return this.#connection.post(frame.fields((to) => writeOptionalTimestamp(to, message.timestamp)));
  }

  matching(): Promise<boolean> {
    return matchingNow(this.#connection, Ask.PUBLISHER_MATCHING, this.#entity.id);
  }

  listenMatching(hear: Hear<boolean>): Promise<BackendListener> {
    return listenMatching(this.#connection, PUBLISHER_MATCHING, this.#entity.id, hear);
  }

  undeclare(): Promise<void> {
    return this.#entity.undeclare();
  }

  #frame(payload: ZBytes, message: MessageFields): Frame {
    refuseUncarried(message);
    const { attachment, encoding, timestamp } = message;
    const frame = new Frame(this.#putHead).bytes(payload);
    if (attachment === undefined && encoding === undefined && timestamp === undefined) return frame.raw(PLAIN);
    return frame
      .fields((to) => writeOptionalEncoding(to, encoding))
      .optionalBytes(attachment)
      .fields((to) => writeOptionalTimestamp(to, timestamp));
  }
}
