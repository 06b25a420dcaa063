// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytesSerializer } from '@eclipse-zenoh/zenoh-ts/ext';
import type {
  Asking,
  BackendAdvancedInbox,
  BackendInbox,
  BackendListener,
  BackendPublisher,
  BackendQuerier,
  BackendSession,
  BackendToken,
  Done,
  Hear,
  InboxPlan,
  MessageFields,
  PutResult,
  QuestionFields,
  SessionFacts,
} from '../backend.js';
import type { ConnectionEvent, ConnectionState } from '../connection.js';
import type { Locality } from '../enums.js';
import { CoreError } from '../errors.js';
import type { Query } from '../query.js';
import type { Reply } from '../reply.js';
import type { Sample } from '../sample.js';
import type { SessionShmProvider } from '../session-shm-provider.js';
import type { ShmFacts } from '../shm-diagnosis.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import { ask, writeAsking } from './asking.js';
import type { Connection } from './connection.js';
import { RemoteConnectivity } from './connectivity.js';
import { Entity } from './entity.js';
import { withoutPayload, withPayload } from './message.js';
import { RemotePublisher } from './publisher.js';
import { RemoteQuerier } from './querier.js';
import { answerQueries } from './query.js';
import { LIVELINESS_SUBSCRIBER, SUBSCRIBER, subscribe } from './subscriber.js';
import { unsupported } from './unsupported.js';
import { Frame } from './wire/frame.js';
import { Ask, Tell } from './wire/message-id.js';
import { readTimestamp } from './wire/read.js';
import { head } from './wire/write.js';

const TOKEN = { declare: Ask.DECLARE_TOKEN, undeclare: Ask.UNDECLARE_TOKEN };
const NOTHING = { count: 0, bytes: 0 };
const NOTHING_SHOWN = { heap: NOTHING, shm: NOTHING, received: NOTHING, receivedShm: NOTHING };
/** One for each priority, and zenoh's own. */
const NONE_LOST = [0, 0, 0, 0, 0, 0, 0, 0];

/** A message of the session about a key. */
function start(ask: Ask, keyExpr: string): Frame {
  return new Frame(head(ask, (to) => to.serializeString(keyExpr)));
}

export class RemoteSession extends RemoteConnectivity implements BackendSession {
  readonly #connection: Connection;
  #closing: Promise<void> | undefined;
  #declared = 0;

  constructor(connection: Connection) {
    super(connection);
    this.#connection = connection;
  }

  get zid(): string {
    return this.#connection.zid;
  }

  get id(): string {
    throw unsupported('the id of a session as a source');
  }

  get connection(): ConnectionState {
    return this.#connection.state;
  }

  async listenConnection(hear: Hear<ConnectionEvent>): Promise<BackendListener> {
    return this.#connection.events.listen(hear);
  }

  isClosed(): boolean {
    return this.#closing !== undefined || this.#connection.state === 'closed';
  }

  beginClose(): void {
    this.#connection.beginClose();
  }

  close(): Promise<void> {
    this.#closing ??= this.#connection.close();
    return this.#closing;
  }

  /** What zenoh lost behind the server is not told. */
  stats(): SessionFacts {
    const { direct, queued } = this.#connection.outbox.sent;
    const connections = this.#connection.state === 'connected' ? 1 : 0;
    return { inline: direct, offloaded: queued, connections, lost: NONE_LOST, shown: NOTHING_SHOWN };
  }

  newTimestamp(): Promise<string> {
    return this.#connection.request(Ask.TIMESTAMP, Tell.TIMESTAMP, (from) => readTimestamp(from)());
  }

  /** The protocol has texts alone: the number spares nothing, and means nothing. */
  async declareKeyExpr(): Promise<number> {
    this.#connection.checkOpen();
    return ++this.#declared;
  }

  async undeclareKeyExpr(): Promise<void> {}

  put(keyExpr: string, payload: ZBytes, qos: number, message: MessageFields): Done {
    return this.#connection.post(withPayload(start(Ask.PUT, keyExpr), payload, qos, message));
  }

  putSync(keyExpr: string, payload: ZBytes, qos: number, message: MessageFields): PutResult {
    return this.#connection.postSync(withPayload(start(Ask.PUT, keyExpr), payload, qos, message));
  }

  delete(keyExpr: string, qos: number, message: MessageFields): Done {
    return this.#connection.post(withoutPayload(start(Ask.DELETE, keyExpr), qos, message));
  }

  get(
    keyExpr: string,
    parameters: string,
    asking: Asking,
    question: QuestionFields,
    plan: InboxPlan,
  ): BackendInbox<Reply> {
    const asked = {
      ask: Ask.GET,
      first: (to: ZBytesSerializer) => {
        to.serializeString(keyExpr);
        to.serializeString(parameters);
      },
      question,
      last: (to: ZBytesSerializer, left: number) => {
        writeAsking(to, asking);
        to.serializeNumberUint32(left);
      },
      timeout: asking.timeout,
    };
    return ask(this.#connection, asked, plan);
  }

  livelinessGet(keyExpr: string, timeout: number, plan: InboxPlan): BackendInbox<Reply> {
    const asked = {
      ask: Ask.LIVELINESS_GET,
      first: (to: ZBytesSerializer) => to.serializeString(keyExpr),
      last: (to: ZBytesSerializer, left: number) => to.serializeNumberUint32(left),
      timeout,
    };
    return ask(this.#connection, asked, plan);
  }

  declarePublisher(keyExpr: string, encoding: string | undefined, qos: number): Promise<BackendPublisher> {
    return RemotePublisher.declare(this.#connection, keyExpr, encoding, qos);
  }

  async declareQuerier(keyExpr: string, asking: Asking): Promise<BackendQuerier> {
    return RemoteQuerier.declare(this.#connection, keyExpr, asking);
  }

  async declareToken(keyExpr: string): Promise<BackendToken> {
    return Entity.declare(this.#connection, TOKEN, (to) => to.serializeString(keyExpr));
  }

  declareSubscriber(keyExpr: string, origin: Locality, plan: InboxPlan): Promise<BackendInbox<Sample>> {
    const how = (to: ZBytesSerializer) => {
      to.serializeString(keyExpr);
      to.serializeNumberUint8(origin);
    };
    return subscribe(this.#connection, SUBSCRIBER, how, plan);
  }

  declareLivelinessSubscriber(keyExpr: string, history: boolean, plan: InboxPlan): Promise<BackendInbox<Sample>> {
    const how = (to: ZBytesSerializer) => {
      to.serializeString(keyExpr);
      to.serializeBoolean(history);
    };
    return subscribe(this.#connection, LIVELINESS_SUBSCRIBER, how, plan);
  }

  declareQueryable(
    keyExpr: string,
    complete: boolean,
    origin: Locality,
    plan: InboxPlan,
  ): Promise<BackendInbox<Query>> {
    const how = (to: ZBytesSerializer) => {
      to.serializeString(keyExpr);
      to.serializeBoolean(complete);
      to.serializeNumberUint8(origin);
    };
    return answerQueries(this.#connection, how, plan);
  }

  async declareAdvancedPublisher(): Promise<BackendPublisher> {
    throw unsupported('an advanced publisher');
  }

  async declareAdvancedSubscriber(): Promise<BackendAdvancedInbox> {
    throw unsupported('an advanced subscriber');
  }

  async diagnoseShm(): Promise<ShmFacts> {
    throw unsupported('shared memory');
  }

  async shmProvider(): Promise<SessionShmProvider> {
    throw new CoreError('SHM_UNAVAILABLE', 'a WebSocket session has no shared memory');
  }
}
