// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ConsolidationMode, Locality, QueryTarget } from './enums.js';
import type { Query } from './query.js';
import type { Reply } from './reply.js';
import type { Sample } from './sample.js';
import type { ShmFacts } from './shm-diagnosis.js';
import type { Ledger } from './zbytes/ledger.js';
import type { ZBytes } from './zbytes/zbytes.js';

/** What every message may carry besides its payload. */
export interface MessageFields {
  readonly attachment: ZBytes | undefined;
  /** zenoh's text form; undefined for the default. */
  readonly encoding: string | undefined;
  /** zenoh's text form. */
  readonly timestamp: string | undefined;
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
  /** Samples lost here, by reason. `deadlock`: a local put to a full `block` queue, which can't wait for itself. */
  readonly dropped: {
    readonly oldest: number;
    readonly newest: number;
    readonly deadlock: number;
    readonly closed: number;
  };
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
  /** The queue failed by its policy `error`: nothing comes after what is still queued. */
  readonly failed: boolean;
  /** Nothing more will come, as after the last reply of a get. */
  readonly finished: boolean;
}

/** The receiving end of what a session declared or asked. */
export interface BackendInbox<T> {
  /** Takes up to `count` items. */
  take(count: number): Taken<T>;
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

/** A backend that has done its work on return gives nothing to wait for. */
export type Done = Promise<void> | undefined;

export interface BackendPublisher {
  /** Counts the copies it makes in the payload's ledger. */
  put(payload: ZBytes, fields: MessageFields): Done;
  delete(fields: MessageFields): Done;
  /** Whether some subscriber matches now. */
  matching(): Promise<boolean>;
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
}

/** A received query, to be answered. */
export interface BackendQuery {
  reply(keyExpr: string, payload: ZBytes, qos: number, fields: MessageFields): Done;
  replyDel(keyExpr: string, qos: number, fields: MessageFields): Done;
  replyErr(payload: ZBytes, encoding: string | undefined): Done;
  finalize(): Done;
}

export interface BackendQuerier {
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
}

export interface BackendSession {
  readonly zid: string;
  isClosed(): boolean;
  close(): Promise<void>;
  diagnoseShm(): Promise<ShmFacts>;
  put(keyExpr: string, payload: ZBytes, qos: number, fields: MessageFields): Done;
  delete(keyExpr: string, qos: number, fields: MessageFields): Done;
  get(
    keyExpr: string,
    parameters: string,
    asking: Asking,
    question: QuestionFields,
    plan: InboxPlan,
  ): BackendInbox<Reply>;
  declarePublisher(keyExpr: string, encoding: string | undefined, qos: number): Promise<BackendPublisher>;
  declareSubscriber(keyExpr: string, origin: Locality, plan: InboxPlan): Promise<BackendInbox<Sample>>;
  declareQueryable(keyExpr: string, complete: boolean, origin: Locality, plan: InboxPlan): Promise<BackendInbox<Query>>;
  declareQuerier(keyExpr: string, asking: Asking): Promise<BackendQuerier>;
  declareToken(keyExpr: string): Promise<BackendToken>;
  declareLivelinessSubscriber(keyExpr: string, history: boolean, plan: InboxPlan): Promise<BackendInbox<Sample>>;
  livelinessGet(keyExpr: string, timeout: number, plan: InboxPlan): BackendInbox<Reply>;
}

/** The port: how a session reaches zenoh. Given to `Session.open`, never global. */
export interface Backend<C> {
  open(config: C): Promise<BackendSession>;
}
