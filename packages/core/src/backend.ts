// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ConnectionEvent, ConnectionState } from './connection.js';
import type { ConsolidationMode, Locality, QueryTarget, Reliability, SampleKind, WhatAmI } from './enums.js';
import type { CoreError } from './errors.js';
import type { Query } from './query.js';
import type { Reply } from './reply.js';
import type { Sample } from './sample.js';
import type { ServeOptions } from './serve.js';
import type { SessionShmProvider } from './session-shm-provider.js';
import type { ShmFacts } from './shm-diagnosis.js';
import type { BackendServer } from './websocket-server.js';
import type { Ledger } from './zbytes/ledger.js';
import type { ZBytes } from './zbytes/zbytes.js';

/** What every message may carry besides its payload. */
export interface MessageFields {
  readonly attachment: ZBytes | undefined;
  /** zenoh's text form; undefined for the default. */
  readonly encoding: string | undefined;
  /** zenoh's text form. */
  readonly timestamp: string | undefined;
  /** `<zid>/<eid>/<sn>`. */
  readonly sourceInfo: string | undefined;
  /** A bit for each `InterceptionPoint`. */
  readonly instrumentation: number;
}

/** What a queue does with a sample, a reply or a query that finds it full. */
export type OverflowPolicy = 'block' | 'drop-oldest' | 'drop-newest' | 'error';

/** The bounds of a queue between zenoh and a reader. */
export interface QueueBounds {
  /** Samples. */
  readonly count: number;
  /** Bytes of payloads and attachments, plus 256 for each sample. One larger sample still fits alone. */
  readonly bytes: number;
  readonly policy: OverflowPolicy;
}

/** Exact accounting of a queue: `received = delivered + queued + dropped`. */
export interface QueueStats {
  readonly received: number;
  readonly delivered: number;
  /** Samples lost here, by reason. `deadlock`: a local `putSync` to a full `block` queue, which can't wait for itself. */
  readonly dropped: {
    readonly oldest: number;
    readonly newest: number;
    readonly deadlock: number;
    readonly closed: number;
  };
  /** Local puts that wait for room; their promises are pending. */
  readonly waiting: number;
  /** Samples and bytes queued now, and the most samples ever queued. */
  readonly queued: number;
  readonly queuedBytes: number;
  readonly highWater: number;
  /** Bytes handed over, and those of them copied out because they were small, counted apart from the ledger. */
  readonly carried: number;
  readonly small: number;
}

/** A batch taken from a queue. */
export interface Taken<T> {
  readonly items: T[];
  /** More is queued; when false, `onReady` is called again for the next arrival. */
  readonly more: boolean;
  /** Why nothing comes after what is still queued, if that is no regular end. */
  readonly failure?: CoreError | undefined;
  /** Nothing more will come, as after the last reply of a get. */
  readonly finished: boolean;
}

/** Where a reader takes from. */
export interface Source<T> {
  /** Takes up to `count` items. */
  take(count: number): Taken<T>;
}

/** The receiving end of what a session declared or asked. */
export interface BackendInbox<T> extends Source<T> {
  /** `<zid>/<eid>` of what was declared; undefined for a get. */
  readonly entityId: string | undefined;
  /** Of a get: ends when the request has gone out; undefined when it has. */
  readonly asked?: Promise<unknown> | undefined;
  stats(): QueueStats;
  /** Ends what fills the queue, and drops what is queued. Idempotent. */
  undeclare(): Promise<void>;
  /** Whether this inbox keeps the process alive. */
  keepAlive(alive: boolean): void;
}

/** How an inbox is made. */
export interface InboxPlan {
  readonly bounds: QueueBounds;
  /** Counts what the inbox carries and copies. */
  readonly ledger: Ledger;
  /** Called, on the event loop, when the queue has something after having had nothing, and at its end. */
  readonly onReady: () => void;
}

/**
 * What became of a put: `done`, or `dropped` when zenoh is known to have dropped the message for at least one peer because
 * the network was congested.
 */
export type PutResult = 'done' | 'dropped';

/** A backend that has done its work on return gives the result itself, not a promise. */
export type Done = Promise<PutResult> | PutResult;

/** Told each event, and how many were lost since the one before because the event loop did not keep up. */
export type Hear<E> = (event: E, lost: number) => void;

/** Of a publisher and of a querier: whether somebody is there for it. */
export interface BackendMatching {
  /** `<zid>/<eid>`. */
  readonly id: string;
  /** Whether some subscriber, or queryable, matches now. */
  matching(): Promise<boolean>;
  /** Hears each change, and at first only that something matches. */
  listenMatching(hear: Hear<boolean>): Promise<BackendListener>;
}

export interface BackendPublisher extends BackendMatching {
  /** Counts the copies it makes in the payload's ledger. */
  put(payload: ZBytes, fields: MessageFields): Done;
  /** As `put` of one segment without fields, for backends that mostly need no payload for that; `payload` makes it. */
  putBytes?(bytes: Uint8Array, payload: () => ZBytes): Done;
  /** Returns when zenoh has taken the message, and holds the event loop until then. */
  putSync(payload: ZBytes, fields: MessageFields): PutResult;
  delete(fields: MessageFields): Done;
  undeclare(): Promise<void>;
}

/** How a query asks. */
export interface Asking {
  /** As `packQos` packs it. */
  readonly qos: number;
  readonly target: QueryTarget;
  readonly consolidation: ConsolidationMode;
  /** Milliseconds. */
  readonly timeout: number;
  readonly acceptAny: boolean;
}

/** What a query carries besides its selector. */
export interface QuestionFields {
  readonly payload: ZBytes | undefined;
  readonly attachment: ZBytes | undefined;
  readonly encoding: string | undefined;
  /** `<zid>/<eid>/<sn>`. */
  readonly sourceInfo: string | undefined;
  /** A bit for each `InterceptionPoint`. */
  readonly instrumentation: number;
}

/** A received query, to be answered. */
export interface BackendQuery {
  reply(keyExpr: string, payload: ZBytes, qos: number, fields: MessageFields): Done;
  replyDel(keyExpr: string, qos: number, fields: MessageFields): Done;
  replyErr(payload: ZBytes, encoding: string | undefined): Done;
  finalize(): Promise<void> | undefined;
}

export interface BackendQuerier extends BackendMatching {
  get(parameters: string, question: QuestionFields, plan: InboxPlan): BackendInbox<Reply>;
  undeclare(): Promise<void>;
}

/** Something declared whose only act is to end. */
export interface BackendToken {
  undeclare(): Promise<void>;
}

/** A declared listener; what it hears is given to a function. */
export interface BackendListener {
  undeclare(): Promise<void>;
  /** Whether this listener keeps the process alive; it does until it is told otherwise or undeclared. */
  keepAlive(alive: boolean): void;
}

/** How an advanced publisher is declared; periods are in milliseconds, undefined for zenoh's default. */
export interface AdvancedPublication {
  readonly cache:
    | undefined
    | {
        readonly maxSamples: number | undefined;
        /** As `packQos` packs it. */
        readonly replies: number;
      };
  readonly missDetection:
    | undefined
    | { readonly heartbeat: number | undefined; readonly sporadicHeartbeat: number | undefined };
  readonly detection: boolean;
  readonly metadata: string | undefined;
}

/** How an advanced subscriber is declared; periods are in milliseconds, undefined for zenoh's default. */
export interface AdvancedSubscription {
  readonly history:
    | undefined
    | {
        readonly detectLatePublishers: boolean;
        readonly maxSamples: number | undefined;
        readonly maxAge: number | undefined;
      };
  readonly recovery:
    | undefined
    | {
        readonly heartbeat: boolean;
        readonly periodicQueries: number | undefined;
        readonly retentionPeriod: number | undefined;
      };
  readonly queryTimeout: number | undefined;
  readonly detection: boolean;
  readonly metadata: string | undefined;
}

/** A gap: the publisher's session, its number there, and how many samples. */
export interface MissEvent {
  readonly zid: string;
  readonly eid: number;
  readonly nb: number;
}

export interface BackendAdvancedInbox extends BackendInbox<Sample> {
  misses(hear: (miss: MissEvent) => void): Promise<BackendListener>;
}

/** Whom a session knows. Ids are in zenoh's text form. */
export interface InfoFacts {
  readonly zid: string;
  readonly routers: readonly string[];
  readonly peers: readonly string[];
  readonly locators: readonly string[];
}

export interface TransportFacts {
  readonly zid: string;
  readonly whatami: WhatAmI;
  readonly isQos: boolean;
  readonly isMulticast: boolean;
  readonly isShm: boolean;
}

export interface LinkFacts {
  readonly zid: string;
  readonly src: string;
  readonly dst: string;
  readonly group: string | null;
  /** Bytes. */
  readonly mtu: number;
  readonly isStreamed: boolean;
  readonly interfaces: readonly string[];
  readonly authIdentifier: string | null;
  readonly priorities: readonly [highest: number, lowest: number] | null;
  readonly reliability: Reliability | null;
}

export interface HelloFacts {
  readonly whatami: WhatAmI;
  readonly zid: string;
  readonly locators: readonly string[];
}

/** How a session is connected to others. */
export interface BackendConnectivity {
  info(): Promise<InfoFacts>;
  transports(): Promise<TransportFacts[]>;
  links(): Promise<LinkFacts[]>;
  /** `history`: what stands already is told first, as if it came now. */
  listenTransports(
    history: boolean,
    hear: Hear<{ readonly kind: SampleKind; readonly transport: TransportFacts }>,
  ): Promise<BackendListener>;
  listenLinks(
    history: boolean,
    hear: Hear<{ readonly kind: SampleKind; readonly link: LinkFacts }>,
  ): Promise<BackendListener>;
}

/** Native memory that JavaScript sees and has not given back. */
interface Shown {
  readonly count: number;
  readonly bytes: number;
}

/** What a backend counts for a session. */
export interface SessionFacts {
  /** Puts and replies made on the caller's thread, and those that went by a native one. */
  readonly inline: number;
  readonly offloaded: number;
  /** Nodes connected to. */
  readonly connections: number;
  /** Messages that zenoh did not get out to some peer, by priority; 0 is zenoh's own. */
  readonly lost: readonly number[];
  /** In the whole thread, whichever session it came from. */
  readonly shown: Readonly<Record<'heap' | 'shm' | 'received' | 'receivedShm', Shown>>;
}

export interface BackendSession extends BackendConnectivity {
  stats(): SessionFacts;
  readonly zid: string;
  /** `<zid>/<eid>`. */
  readonly id: string;
  /** zenoh's text form. */
  newTimestamp(): Promise<string>;
  /** Declares a key expression; the number, never 0, is what `put`, `delete` and `get` take as `declared`. */
  declareKeyExpr(keyExpr: string): Promise<number>;
  /** Idempotent. */
  undeclareKeyExpr(declared: number): Promise<void>;
  /** Of a session that serves. */
  readonly websocketServer?: BackendServer | undefined;
  readonly connection: ConnectionState;
  listenConnection(hear: Hear<ConnectionEvent>): Promise<BackendListener>;
  isClosed(): boolean;
  /** Where all that is declared ends with the session, and need not be undeclared one by one any more. */
  beginClose?(): void;
  close(): Promise<void>;
  diagnoseShm(): Promise<ShmFacts>;
  shmProvider(): Promise<SessionShmProvider>;
  put(keyExpr: string, payload: ZBytes, qos: number, fields: MessageFields, declared?: number): Done;
  putSync(keyExpr: string, payload: ZBytes, qos: number, fields: MessageFields, declared?: number): PutResult;
  delete(keyExpr: string, qos: number, fields: MessageFields, declared?: number): Done;
  get(
    keyExpr: string,
    parameters: string,
    asking: Asking,
    question: QuestionFields,
    plan: InboxPlan,
    declared?: number,
  ): BackendInbox<Reply>;
  declarePublisher(keyExpr: string, encoding: string | undefined, qos: number): Promise<BackendPublisher>;
  declareAdvancedPublisher(
    keyExpr: string,
    encoding: string | undefined,
    qos: number,
    settings: AdvancedPublication,
  ): Promise<BackendPublisher>;
  declareAdvancedSubscriber(
    keyExpr: string,
    origin: Locality,
    settings: AdvancedSubscription,
    plan: InboxPlan,
  ): Promise<BackendAdvancedInbox>;
  declareSubscriber(keyExpr: string, origin: Locality, plan: InboxPlan): Promise<BackendInbox<Sample>>;
  declareQueryable(keyExpr: string, complete: boolean, origin: Locality, plan: InboxPlan): Promise<BackendInbox<Query>>;
  declareQuerier(keyExpr: string, asking: Asking): Promise<BackendQuerier>;
  declareToken(keyExpr: string): Promise<BackendToken>;
  declareLivelinessSubscriber(keyExpr: string, history: boolean, plan: InboxPlan): Promise<BackendInbox<Sample>>;
  livelinessGet(keyExpr: string, timeout: number, plan: InboxPlan): BackendInbox<Reply>;
}

/** Options of `Session.open`. */
export interface OpenOptions {
  /** What the session serves; only sessions of the native addon can. */
  readonly serve?: ServeOptions | undefined;
}

/** The port: how sessions of a kind of config reach zenoh. It comes with the config, and is never global. */
export interface Backend<C> {
  open(config: C, options: OpenOptions): Promise<BackendSession>;
  /** Asks the network who is there, without a session. `what` is a mask of {@link WhatAmI}. */
  scout(what: number, config: C, hear: Hear<HelloFacts>): Promise<BackendListener>;
}

/** Where a config keeps its backend. */
export const BACKEND: unique symbol = Symbol('zenoh-segments.backend');

/** What a session is opened with: the `Config` of the entry that the program imports, or one of its own with a backend. */
export interface SessionConfig {
  readonly [BACKEND]: Backend<this>;
}
