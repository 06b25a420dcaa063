// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The addon's functions, one to one with src/addon/*.cc. Only this folder sees them.

/** A native object; the tag keeps the kinds apart at compile time, the addon checks them at run time. */
export interface Handle<Kind extends string> {
  readonly __kind: Kind;
}
export type ConfigHandle = Handle<'config'>;
export type SessionHandle = Handle<'session'>;
export type PublisherHandle = Handle<'publisher'>;
export type InboxHandle = Handle<'inbox'>;
export type QuerierHandle = Handle<'querier'>;
export type QueryHandle = Handle<'query'>;
export type TokenHandle = Handle<'token'>;
export type ListenerHandle = Handle<'listener'>;
export type ShmPoolHandle = Handle<'shm-pool'>;

/** Names an operation that runs off the JavaScript thread; `poll` tells how it ended. */
export type OperationId = number;

/** 0, or the id of a put that local subscribers share and the bytes copied because zenoh kept a slice. */
export type PutOutcome = 0 | [local: number, held: number];

/** Events are triples: the operation that declared the listener, how many were lost before this one, its JSON. */
export type Mail = [completions: unknown[], ready: number[], released: number[], events: (number | string)[]];

export type RawBatch = [
  words: Uint32Array,
  strings: string[],
  slabs: ArrayBuffer[],
  buffers: ArrayBuffer[],
  regions: number[],
  queries: QueryHandle[],
  more: boolean,
  failed: boolean,
  finished: boolean,
];

/** A get under way: its inbox, and what the call that asked has to tell. */
export type Asked = [inbox: InboxHandle, outcome: PutOutcome];

/** Exact counters of one inbox, as the native side counts. */
export interface QueueCounters {
  /** Payload and attachment bytes handed over, and those of them that were copied out because they were small. */
  readonly carried: number;
  readonly small: number;
  /** received = delivered + depth + the drops. */
  readonly received: number;
  readonly delivered: number;
  readonly droppedOldest: number;
  readonly droppedNewest: number;
  readonly droppedDeadlock: number;
  readonly droppedClosed: number;
  /** Samples and bytes queued now, and the most samples ever queued. */
  readonly depth: number;
  readonly bytes: number;
  readonly highWater: number;
}

export interface NativeCounters {
  /** Slices over JavaScript memory that native code could read: 0 whenever no put is running. */
  readonly liveBorrowed: number;
  /** Bytes copied so far because zenoh kept a lent slice. */
  readonly held: number;
  /** Payloads of the whole process that were handed over and not taken over yet. */
  readonly handedOver: number;
  /** Pieces of native memory that ArrayBuffers of this environment show. */
  readonly regions: number;
}

export type QueueArguments = [count: number, bytes: number, policy: number];
export type QueryArguments = [qos: number, target: number, consolidation: number, timeout: number, acceptAny: boolean];

export interface Addon {
  attach(onWake: () => void): void;
  keepAlive(alive: boolean): void;
  poll(): Mail;
  counters(): NativeCounters;

  configDefault(): ConfigHandle;
  configFromJson5(text: string): ConfigHandle;
  configFromFile(path: string): ConfigHandle;
  configFromEnv(): ConfigHandle;
  configInsertJson5(config: ConfigHandle, key: string, value: string): void;
  configGetJson(config: ConfigHandle, key: string): string;

  keyexprCheck(text: string): string;
  keyexprCanonize(text: string): string;
  keyexprJoin(left: string, right: string): string;
  keyexprConcat(left: string, right: string): string;
  keyexprRelation(left: string, right: string): number;

  sessionOpen(config: ConfigHandle): OperationId;
  sessionClose(session: SessionHandle): OperationId;
  sessionIsClosed(session: SessionHandle): boolean;
  sessionZid(session: SessionHandle): string;
  sessionPut(
    session: SessionHandle,
    key: string,
    segments: readonly Uint8Array[],
    attachment: readonly Uint8Array[] | undefined,
    encoding: string | undefined,
    qos: number,
    timestamp: string | undefined,
  ): PutOutcome;
  sessionDelete(
    session: SessionHandle,
    key: string,
    attachment: readonly Uint8Array[] | undefined,
    encoding: undefined,
    qos: number,
    timestamp: string | undefined,
  ): PutOutcome;
  sessionDeclarePublisher(session: SessionHandle, key: string, encoding: string | undefined, qos: number): OperationId;
  sessionDeclareSubscriber(session: SessionHandle, key: string, origin: number, ...queue: QueueArguments): OperationId;
  sessionDeclareQueryable(
    session: SessionHandle,
    key: string,
    complete: boolean,
    origin: number,
    ...queue: QueueArguments
  ): OperationId;
  sessionDeclareLivelinessSubscriber(
    session: SessionHandle,
    key: string,
    history: boolean,
    ...queue: QueueArguments
  ): OperationId;
  sessionDeclareQuerier(session: SessionHandle, key: string, ...query: QueryArguments): OperationId;
  sessionDeclareToken(session: SessionHandle, key: string): OperationId;
  tokenUndeclare(token: TokenHandle): OperationId;
  listenerUndeclare(listener: ListenerHandle): OperationId;

  sessionGet(
    session: SessionHandle,
    key: string,
    parameters: string,
    segments: readonly Uint8Array[] | undefined,
    attachment: readonly Uint8Array[] | undefined,
    encoding: string | undefined,
    ...options: [...QueryArguments, ...QueueArguments]
  ): Asked;
  sessionLivelinessGet(session: SessionHandle, key: string, timeout: number, ...queue: QueueArguments): Asked;
  querierGet(
    querier: QuerierHandle,
    parameters: string,
    segments: readonly Uint8Array[] | undefined,
    attachment: readonly Uint8Array[] | undefined,
    encoding: string | undefined,
    ...queue: QueueArguments
  ): Asked;
  querierUndeclare(querier: QuerierHandle): OperationId;

  queryReply(
    query: QueryHandle,
    key: string,
    segments: readonly Uint8Array[],
    attachment: readonly Uint8Array[] | undefined,
    encoding: string | undefined,
    qos: number,
    timestamp: string | undefined,
  ): PutOutcome;
  queryReplyDel(
    query: QueryHandle,
    key: string,
    attachment: readonly Uint8Array[] | undefined,
    encoding: undefined,
    qos: number,
    timestamp: string | undefined,
  ): PutOutcome;
  queryReplyErr(query: QueryHandle, segments: readonly Uint8Array[], encoding: string | undefined): PutOutcome;
  queryFinalize(query: QueryHandle): void;

  publisherPut(
    publisher: PublisherHandle,
    segments: readonly Uint8Array[],
    attachment: readonly Uint8Array[] | undefined,
    encoding: string | undefined,
    unused: 0,
    timestamp: string | undefined,
  ): PutOutcome;
  publisherDelete(
    publisher: PublisherHandle,
    attachment: readonly Uint8Array[] | undefined,
    encoding: undefined,
    unused: 0,
    timestamp: string | undefined,
  ): PutOutcome;
  publisherMatching(publisher: PublisherHandle): boolean;
  publisherUndeclare(publisher: PublisherHandle): OperationId;

  inboxId(inbox: InboxHandle): number;
  inboxFinished(inbox: InboxHandle): boolean;
  inboxUndeclare(inbox: InboxHandle): OperationId;
  inboxTake(inbox: InboxHandle, count: number, bytes: number): RawBatch;
  inboxCounters(inbox: InboxHandle): QueueCounters;

  allocHeap(size: number, alignment: number): [ArrayBuffer, number];
  shmPool(size: number, alignment: number): ShmPoolHandle;
  allocShm(pool: ShmPoolHandle, size: number): [ArrayBuffer, number];
  releaseRegion(buffer: ArrayBuffer, region: number): boolean;
  /** For tests: from now on, behave as a runtime that refuses ArrayBuffers over native memory. */
  forbidExternalBuffers(forbidden: boolean): void;

  handOver(segments: readonly Uint8Array[]): [token: number, copied: number];
  /** A view is three numbers: the index of its buffer, its start, its length. */
  takeOver(token: number): [buffers: ArrayBuffer[], regions: number[], views: number[]];
}
