// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendInbox, InboxPlan } from '../backend.js';
import { Sample } from '../sample.js';
import type { Connection } from './connection.js';
import { Entity, type EntityKind } from './entity.js';
import { RemoteInbox } from './inbox.js';
import { Received } from './received.js';
import { RemoteSample } from './sample.js';
import { Ask } from './wire/message-id.js';
import type { Fill } from './wire/write.js';

// The two kinds of subscribers differ in how they are declared alone.
export const SUBSCRIBER: EntityKind = { declare: Ask.DECLARE_SUBSCRIBER, undeclare: Ask.UNDECLARE_SUBSCRIBER };
export const LIVELINESS_SUBSCRIBER: EntityKind = {
  declare: Ask.DECLARE_LIVELINESS_SUBSCRIBER,
  undeclare: Ask.UNDECLARE_LIVELINESS_SUBSCRIBER,
};

export async function subscribe(
  connection: Connection,
  kind: EntityKind,
  how: Fill,
  plan: InboxPlan,
): Promise<BackendInbox<Sample>> {
  const inbox = new RemoteInbox<Sample>(plan, { undeclare: () => entity.undeclare() });
  const entity = await Entity.declare(connection, kind, how, {
    onEvent: (from, frame) => {
      const sample = new RemoteSample(from, new Received(frame, plan.ledger));
      connection.keys.check(sample.keyExpr);
      inbox.push(new Sample(sample), sample.size, frame.byteLength);
    },
    onGone: (error) => inbox.fail(error),
  });
  return inbox;
}
