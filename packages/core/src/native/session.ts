// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type {
  Asking,
  BackendInbox,
  BackendPublisher,
  BackendQuerier,
  BackendSession,
  BackendToken,
  InboxPlan,
  MessageFields,
  QuestionFields,
} from '../backend.js';
import type { Locality } from '../enums.js';
import type { Query } from '../query.js';
import type { Reply } from '../reply.js';
import type { Sample } from '../sample.js';
import type { ShmFacts } from '../shm-diagnosis.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import type { InboxHandle, OperationId, PublisherHandle, QuerierHandle, SessionHandle, TokenHandle } from './addon.js';
import { eventLoop } from './event-loop.js';
import { NativeInbox, queueArguments } from './inbox.js';
import { addon, call } from './load.js';
import { NativePublisher } from './publisher.js';
import { NativeQuerier, queryArguments, repliesOf } from './querier.js';
import { settle } from './settle.js';
import { shmFacts } from './shm.js';
import { sessionClosed, sessionOpened } from './signals.js';

export class NativeSession implements BackendSession {
  readonly #handle: SessionHandle;
  readonly zid: string;
  #closing: Promise<void> | undefined;

  constructor(handle: SessionHandle) {
    this.#handle = handle;
    this.zid = addon().sessionZid(handle);
    sessionOpened();
  }

  isClosed(): boolean {
    return this.#closing !== undefined || addon().sessionIsClosed(this.#handle);
  }

  close(): Promise<void> {
    this.#closing ??= eventLoop()
      .operation<void>(() => addon().sessionClose(this.#handle))
      .finally(sessionClosed);
    return this.#closing;
  }

  diagnoseShm(): Promise<ShmFacts> {
    return shmFacts(this.#handle);
  }

  put(keyExpr: string, payload: ZBytes, qos: number, fields: MessageFields): undefined {
    const { attachment, encoding, timestamp } = fields;
    const outcome = call((native) =>
      native.sessionPut(this.#handle, keyExpr, payload.segments(), attachment?.segments(), encoding, qos, timestamp),
    );
    return settle(outcome, payload, attachment);
  }

  delete(keyExpr: string, qos: number, { attachment, timestamp }: MessageFields): undefined {
    const segments = attachment?.segments();
    const outcome = call((native) => native.sessionDelete(this.#handle, keyExpr, segments, undefined, qos, timestamp));
    return settle(outcome, undefined, attachment);
  }

  get(
    keyExpr: string,
    parameters: string,
    asking: Asking,
    question: QuestionFields,
    plan: InboxPlan,
  ): BackendInbox<Reply> {
    const { payload, attachment, encoding } = question;
    const query = queryArguments(asking);
    const queue = queueArguments(plan.bounds);
    const asked = call((native) =>
      native.sessionGet(
        this.#handle,
        keyExpr,
        parameters,
        payload?.segments(),
        attachment?.segments(),
        encoding,
        ...query,
        ...queue,
      ),
    );
    return repliesOf(asked, question, plan);
  }

  livelinessGet(keyExpr: string, timeout: number, plan: InboxPlan): BackendInbox<Reply> {
    const queue = queueArguments(plan.bounds);
    const [inbox] = call((native) => native.sessionLivelinessGet(this.#handle, keyExpr, timeout, ...queue));
    return new NativeInbox<Reply>(inbox, plan);
  }

  async declarePublisher(keyExpr: string, encoding: string | undefined, qos: number): Promise<BackendPublisher> {
    const start = () => addon().sessionDeclarePublisher(this.#handle, keyExpr, encoding, qos);
    return new NativePublisher(await eventLoop().operation<PublisherHandle>(start));
  }

  async declareQuerier(keyExpr: string, asking: Asking): Promise<BackendQuerier> {
    const query = queryArguments(asking);
    const start = () => addon().sessionDeclareQuerier(this.#handle, keyExpr, ...query);
    return new NativeQuerier(await eventLoop().operation<QuerierHandle>(start));
  }

  async declareToken(keyExpr: string): Promise<BackendToken> {
    const start = () => addon().sessionDeclareToken(this.#handle, keyExpr);
    const token = await eventLoop().operation<TokenHandle>(start);
    return { undeclare: () => eventLoop().operation<void>(() => addon().tokenUndeclare(token)) };
  }

  declareSubscriber(keyExpr: string, origin: Locality, plan: InboxPlan): Promise<BackendInbox<Sample>> {
    const queue = queueArguments(plan.bounds);
    return inbox(plan, () => addon().sessionDeclareSubscriber(this.#handle, keyExpr, origin, ...queue));
  }

  declareQueryable(
    keyExpr: string,
    complete: boolean,
    origin: Locality,
    plan: InboxPlan,
  ): Promise<BackendInbox<Query>> {
    const queue = queueArguments(plan.bounds);
    return inbox(plan, () => addon().sessionDeclareQueryable(this.#handle, keyExpr, complete, origin, ...queue));
  }

  declareLivelinessSubscriber(keyExpr: string, history: boolean, plan: InboxPlan): Promise<BackendInbox<Sample>> {
    const queue = queueArguments(plan.bounds);
    return inbox(plan, () => addon().sessionDeclareLivelinessSubscriber(this.#handle, keyExpr, history, ...queue));
  }
}

async function inbox<T>(plan: InboxPlan, start: () => OperationId): Promise<BackendInbox<T>> {
  return new NativeInbox<T>(await eventLoop().operation<InboxHandle>(start), plan);
}
