// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type {
  AdvancedPublication,
  AdvancedSubscription,
  Asking,
  BackendAdvancedInbox,
  BackendInbox,
  BackendListener,
  BackendPublisher,
  BackendQuerier,
  BackendSession,
  BackendToken,
  Done,
  InboxPlan,
  MessageFields,
  PutResult,
  QuestionFields,
  SessionFacts,
} from '../backend.js';
import type { ConnectionState } from '../connection.js';
import type { Locality } from '../enums.js';
import type { Query } from '../query.js';
import type { Reply } from '../reply.js';
import type { Sample } from '../sample.js';
import type { SessionShmProvider } from '../session-shm-provider.js';
import type { ShmFacts } from '../shm-diagnosis.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import type { InboxHandle, OperationId, PublisherHandle, QuerierHandle, SessionHandle, TokenHandle } from './addon.js';
import { advancedPublisher, advancedSubscriber } from './advanced.js';
import { NativeConnectivity } from './connectivity.js';
import { eventLoop } from './event-loop.js';
import { NativeInbox, queueArguments } from './inbox.js';
import { addon, call } from './load.js';
import { NativePublisher } from './publisher.js';
import { Puts, type Sending } from './puts.js';
import { POINTS, priorityOf, SYNC } from './qos.js';
import { NativeQuerier, queryArguments, repliesOf } from './querier.js';
import type { NativeServer } from './serve.js';
import { sessionShmProvider } from './session-shm-provider.js';
import { shmFacts } from './shm.js';
import { sessionClosed, sessionOpened } from './signals.js';

export class NativeSession extends NativeConnectivity implements BackendSession {
  readonly #handle: SessionHandle;
  readonly #puts = new Puts();
  readonly zid: string;
  readonly id: string;
  #closing: Promise<void> | undefined;

  constructor(
    handle: SessionHandle,
    readonly websocketServer?: NativeServer,
  ) {
    super(handle);
    this.#handle = handle;
    this.zid = addon().sessionZid(handle);
    this.id = addon().sessionId(handle);
    sessionOpened();
  }

  get connection(): ConnectionState {
    return this.isClosed() ? 'closed' : 'connected';
  }

  /** zenoh is in this process: there is no connection that could be lost, so nothing to hear. */
  async listenConnection(): Promise<BackendListener> {
    return { undeclare: async () => {}, keepAlive: () => {} };
  }

  isClosed(): boolean {
    return this.#closing !== undefined || addon().sessionIsClosed(this.#handle);
  }

  close(): Promise<void> {
    this.websocketServer?.end();
    this.#closing ??= eventLoop()
      .operation<void>(() => addon().sessionClose(this.#handle))
      .finally(sessionClosed);
    return this.#closing;
  }

  stats(): SessionFacts {
    return JSON.parse(call((native) => native.sessionStats(this.#handle))) as SessionFacts;
  }

  diagnoseShm(): Promise<ShmFacts> {
    return shmFacts(this.#handle);
  }

  shmProvider(): Promise<SessionShmProvider> {
    return sessionShmProvider(this.#handle);
  }

  async newTimestamp(): Promise<string> {
    return call((native) => native.sessionNewTimestamp(this.#handle));
  }

  async declareKeyExpr(keyExpr: string): Promise<number> {
    const start = () => addon().sessionDeclareKeyExpr(this.#handle, keyExpr);
    return Number(await eventLoop().operation<string>(start));
  }

  undeclareKeyExpr(declared: number): Promise<void> {
    return eventLoop().operation<void>(() => addon().sessionUndeclareKeyExpr(this.#handle, declared));
  }

  put(keyExpr: string, payload: ZBytes, qos: number, fields: MessageFields, declared?: number): Done {
    return this.#puts.put(priorityOf(qos), this.#sending(keyExpr, payload, qos, fields, declared));
  }

  putSync(keyExpr: string, payload: ZBytes, qos: number, fields: MessageFields, declared?: number): PutResult {
    return this.#puts.putSync(this.#sending(keyExpr, payload, qos | SYNC, fields, declared));
  }

  delete(keyExpr: string, qos: number, fields: MessageFields, declared?: number): Done {
    const { attachment, timestamp, sourceInfo } = fields;
    const how = qos | (fields.instrumentation << POINTS);
    const send = () => {
      const extra = attachment?.segments();
      return addon().sessionDelete(this.#handle, keyExpr, extra, undefined, how, timestamp, sourceInfo, declared);
    };
    return this.#puts.put(priorityOf(qos), { attachment, send });
  }

  #sending(keyExpr: string, payload: ZBytes, qos: number, fields: MessageFields, declared?: number): Sending {
    const { attachment, encoding, timestamp, sourceInfo } = fields;
    const how = qos | (fields.instrumentation << POINTS);
    const send = () => {
      const [body, extra] = [payload.segments(), attachment?.segments()];
      return addon().sessionPut(this.#handle, keyExpr, body, extra, encoding, how, timestamp, sourceInfo, declared);
    };
    return { payload, attachment, send };
  }

  get(
    keyExpr: string,
    parameters: string,
    asking: Asking,
    question: QuestionFields,
    plan: InboxPlan,
    declared?: number,
  ): BackendInbox<Reply> {
    const { payload, attachment, encoding, sourceInfo, instrumentation } = question;
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
        sourceInfo,
        instrumentation,
        declared,
      ),
    );
    return repliesOf(asked, question, plan);
  }

  livelinessGet(keyExpr: string, timeout: number, plan: InboxPlan): BackendInbox<Reply> {
    const queue = queueArguments(plan.bounds);
    const asked = call((native) => native.sessionLivelinessGet(this.#handle, keyExpr, timeout, ...queue));
    return repliesOf(asked, {}, plan);
  }

  async declarePublisher(keyExpr: string, encoding: string | undefined, qos: number): Promise<BackendPublisher> {
    const start = () => addon().sessionDeclarePublisher(this.#handle, keyExpr, encoding, qos);
    return new NativePublisher(await eventLoop().operation<PublisherHandle>(start), this.#puts, priorityOf(qos));
  }

  declareAdvancedPublisher(
    keyExpr: string,
    encoding: string | undefined,
    qos: number,
    settings: AdvancedPublication,
  ): Promise<BackendPublisher> {
    return advancedPublisher(this.#handle, keyExpr, encoding, qos, settings, this.#puts);
  }

  declareAdvancedSubscriber(
    keyExpr: string,
    origin: Locality,
    settings: AdvancedSubscription,
    plan: InboxPlan,
  ): Promise<BackendAdvancedInbox> {
    return advancedSubscriber(this.#handle, keyExpr, origin, settings, plan);
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
    const start = () => addon().sessionDeclareQueryable(this.#handle, keyExpr, complete, origin, ...queue);
    return inbox(plan, start, this.#puts);
  }

  declareLivelinessSubscriber(keyExpr: string, history: boolean, plan: InboxPlan): Promise<BackendInbox<Sample>> {
    const queue = queueArguments(plan.bounds);
    return inbox(plan, () => addon().sessionDeclareLivelinessSubscriber(this.#handle, keyExpr, history, ...queue));
  }
}

async function inbox<T>(plan: InboxPlan, start: () => OperationId, puts?: Puts): Promise<BackendInbox<T>> {
  return new NativeInbox<T>(await eventLoop().operation<InboxHandle>(start), plan, puts === undefined ? {} : { puts });
}
