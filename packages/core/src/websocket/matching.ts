// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendListener, Hear } from '../backend.js';
import type { Connection } from './connection.js';
import { Entity, type EntityKind } from './entity.js';
import { Ask, Tell } from './wire/message-id.js';

export const PUBLISHER_MATCHING: EntityKind = {
  declare: Ask.LISTEN_PUBLISHER_MATCHING,
  undeclare: Ask.UNDECLARE_MATCHING,
};
export const QUERIER_MATCHING: EntityKind = {
  declare: Ask.LISTEN_QUERIER_MATCHING,
  undeclare: Ask.UNDECLARE_MATCHING,
};

/** @param of the number of the publisher or querier */
export function matchingNow(connection: Connection, ask: Ask, of: number): Promise<boolean> {
  return connection.request(
    ask,
    Tell.MATCHING,
    (from) => from.deserializeBoolean(),
    (to) => to.serializeNumberUint32(of),
  );
}

/** @param of the number of the publisher or querier */
export function listenMatching(
  connection: Connection,
  kind: EntityKind,
  of: number,
  hear: Hear<boolean>,
): Promise<BackendListener> {
  // A new connection starts from nothing matching, and tells only what does: the values must alternate for the user.
  let told = false;
  const tell = (matching: boolean) => {
    if (matching === told) return;
    told = matching;
    hear(matching, 0);
  };
  return Entity.declare(connection, kind, (to) => to.serializeNumberUint32(of), {
    onEvent: (from) => tell(from.deserializeBoolean()),
    onDown: () => tell(false),
  });
}
