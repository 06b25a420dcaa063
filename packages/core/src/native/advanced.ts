// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type {
  AdvancedPublication,
  AdvancedSubscription,
  BackendAdvancedInbox,
  BackendListener,
  BackendPublisher,
  InboxPlan,
  MissEvent,
} from '../backend.js';
import type { Locality } from '../enums.js';
import type { Sample } from '../sample.js';
import type { InboxHandle, PublisherHandle, SessionHandle } from './addon.js';
import { eventLoop } from './event-loop.js';
import { NativeInbox, queueArguments } from './inbox.js';
import { addon } from './load.js';
import { NativePublisher } from './publisher.js';
import type { Puts } from './puts.js';
import { priorityOf } from './qos.js';

export async function advancedPublisher(
  session: SessionHandle,
  keyExpr: string,
  encoding: string | undefined,
  qos: number,
  settings: AdvancedPublication,
  puts: Puts,
): Promise<BackendPublisher> {
  const text = JSON.stringify(settings);
  const start = () => addon().sessionDeclareAdvancedPublisher(session, keyExpr, encoding, qos, text);
  return new NativePublisher(await eventLoop().operation<PublisherHandle>(start), puts, priorityOf(qos));
}

export async function advancedSubscriber(
  session: SessionHandle,
  keyExpr: string,
  origin: Locality,
  settings: AdvancedSubscription,
  plan: InboxPlan,
): Promise<BackendAdvancedInbox> {
  const text = JSON.stringify(settings);
  const queue = queueArguments(plan.bounds);
  const start = () => addon().sessionDeclareAdvancedSubscriber(session, keyExpr, origin, text, ...queue);
  return new NativeAdvancedInbox(session, await eventLoop().operation<InboxHandle>(start), plan);
}

class NativeAdvancedInbox extends NativeInbox<Sample> implements BackendAdvancedInbox {
  readonly #session: SessionHandle;
  readonly #handle: InboxHandle;

  constructor(session: SessionHandle, handle: InboxHandle, plan: InboxPlan) {
    super(handle, plan);
    this.#session = session;
    this.#handle = handle;
  }

  misses(hear: (miss: MissEvent) => void): Promise<BackendListener> {
    const start = () => addon().inboxMissListener(this.#handle, this.#session);
    return eventLoop().listen(start, (event) => hear(event as MissEvent));
  }
}
