// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
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
import type { Asked, QuerierHandle, QueryArguments } from './addon.js';
import { eventLoop } from './event-loop.js';
import { NativeInbox, queueArguments } from './inbox.js';
import { addon, call } from './load.js';
import { type Sending, settle } from './puts.js';

export function queryArguments({ qos, target, consolidation, timeout, acceptAny }: Asking): QueryArguments {
  return [qos, target, consolidation, timeout, acceptAny];
}

/** The inbox of a get that has been asked. */
export function repliesOf(
  [handle, outcome]: Asked,
  question: Pick<Sending, 'payload' | 'attachment'>,
  plan: InboxPlan,
): NativeInbox<Reply> {
  settle(outcome, question);
  const operation = outcome === 0 ? 0 : outcome[2];
  const asked = operation === 0 ? undefined : eventLoop().put(operation);
  return new NativeInbox<Reply>(handle, plan, asked === undefined ? {} : { asked });
}

export class NativeQuerier implements BackendQuerier {
  readonly #handle: QuerierHandle;
  readonly id: string;

  constructor(handle: QuerierHandle) {
    this.#handle = handle;
    this.id = addon().querierId(handle);
  }

  get(parameters: string, question: QuestionFields, plan: InboxPlan): BackendInbox<Reply> {
    const { payload, attachment, encoding, sourceInfo, instrumentation } = question;
    const queue = queueArguments(plan.bounds);
    const asked = call((native) =>
      native.querierGet(
        this.#handle,
        parameters,
        payload?.segments(),
        attachment?.segments(),
        encoding,
        ...queue,
        sourceInfo,
        instrumentation,
      ),
    );
    return repliesOf(asked, question, plan);
  }

  async matching(): Promise<boolean> {
    return call((native) => native.querierMatching(this.#handle));
  }

  listenMatching(hear: Hear<boolean>): Promise<BackendListener> {
    return eventLoop().listen(() => addon().querierMatchingEvents(this.#handle), hear);
  }

  undeclare(): Promise<void> {
    return eventLoop().operation<void>(() => addon().querierUndeclare(this.#handle));
  }
}
