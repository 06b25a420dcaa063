// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytesDeserializer } from '@eclipse-zenoh/zenoh-ts/ext';
import type { BackendConnectivity, BackendListener, Hear, InfoFacts, LinkFacts, TransportFacts } from '../backend.js';
import { SampleKind } from '../enums.js';
import type { Connection } from './connection.js';
import { Entity, type EntityKind } from './entity.js';
import { readSessionInfo } from './greeting.js';
import { Ask, Tell } from './wire/message-id.js';
import { readLink, readMany, readTransport } from './wire/read.js';

const TRANSPORTS: EntityKind = { declare: Ask.LISTEN_TRANSPORTS, undeclare: Ask.UNDECLARE_TRANSPORTS };
const LINKS: EntityKind = { declare: Ask.LISTEN_LINKS, undeclare: Ask.UNDECLARE_LINKS };

/** How the server's zenoh session is connected: that is this session's place in the network. */
export class RemoteConnectivity implements BackendConnectivity {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The protocol does not tell the locators. */
  async info(): Promise<InfoFacts> {
    const facts = await this.#connection.request(Ask.SESSION_INFO, Tell.SESSION_INFO, readSessionInfo);
    return { ...facts, locators: [] };
  }

  transports(): Promise<TransportFacts[]> {
    return this.#connection.request(Ask.TRANSPORTS, Tell.TRANSPORTS, (from) => readMany(from, readTransport));
  }

  links(): Promise<LinkFacts[]> {
    return this.#connection.request(Ask.LINKS, Tell.LINKS, (from) => readMany(from, readLink));
  }

  listenTransports(
    history: boolean,
    hear: Hear<{ readonly kind: SampleKind; readonly transport: TransportFacts }>,
  ): Promise<BackendListener> {
    return this.#listen(TRANSPORTS, history, (kind, from) => hear({ kind, transport: readTransport(from) }, 0));
  }

  listenLinks(
    history: boolean,
    hear: Hear<{ readonly kind: SampleKind; readonly link: LinkFacts }>,
  ): Promise<BackendListener> {
    return this.#listen(LINKS, history, (kind, from) => hear({ kind, link: readLink(from) }, 0));
  }

  #listen(
    kind: EntityKind,
    history: boolean,
    tell: (kind: SampleKind, from: ZBytesDeserializer) => void,
  ): Promise<BackendListener> {
    return Entity.declare(this.#connection, kind, (to) => to.serializeBoolean(history), {
      onEvent: (from) =>
        tell(from.deserializeNumberUint8() === SampleKind.DELETE ? SampleKind.DELETE : SampleKind.PUT, from),
    });
  }
}
