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
export type SlicedHandle = Handle<'sliced'>;
export type SessionPoolHandle = Handle<'session-pool'>;

/** Names an operation that runs off the JavaScript thread; `poll` tells how it ended. */
export type OperationId = number;

/**
 * 0: done, with nothing to tell. Otherwise, each 0 for none: the id of a put that local subscribers share, the bytes copied
 * because zenoh kept a slice, the operation of a put that went by lane, the one whose end tells that a local subscriber has
 * room again, and the bytes copied for the lane.
 */
export type PutOutcome =
  | 0
  | [
      local: number,
      held: number,
      operation: OperationId,
      parked: OperationId,
      offloaded: number,
      state: 0 | typeof DROPPED | typeof FULL,
      /** What went wrong, though local receivers need the segments all the same. */
      error: unknown,
    ];

/** States of a put outcome: zenoh dropped the message; the lane takes no more now, and nothing was put. */
export const DROPPED = 1;
export const FULL = 2;

/**
 * Events are triples: the operation that declared the listener, how many were lost since the one before, its JSON. Ends of
 * puts are triples: operation, whether zenoh dropped the message, error or undefined.
 */
export type Mail = [
  completions: unknown[],
  ready: number[],
  released: number[],
  events: (number | string)[],
  puts: unknown[],
];

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
  sliced: SlicedHandle[],
  /** For each of `sliced`, how many slices it has, and the length of each. */
  lengths: Uint32Array,
];

/** A get under way: its inbox, and what the call that asked has to tell. */
export type Asked = [inbox: InboxHandle, outcome: PutOutcome];

/** Exact counters of one inbox, as the native side counts. */
export interface QueueCounters {
  /** Payload and attachment bytes handed over, and those of them that were copied out because they were small. */
  readonly carried: number;
  readonly small: number;
  /** received = delivered + depth + waiting + the drops. */
  readonly received: number;
  readonly delivered: number;
  readonly droppedOldest: number;
  readonly droppedNewest: number;
  readonly droppedDeadlock: number;
  readonly droppedClosed: number;
  /** Local puts that wait for room. */
  readonly waiting: number;
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
  /** Pieces of native memory that this environment keeps: shown by ArrayBuffers, or slices of a payload not asked for yet. */
  readonly regions: number;
}

/** Native memory as JavaScript sees it: the buffer, and the region that `releaseRegion` names. */
export type Shown = [buffer: ArrayBuffer, region: number];

export type QueueArguments = [count: number, bytes: number, policy: number];
export type QueryArguments = [qos: number, target: number, consolidation: number, timeout: number, acceptAny: boolean];

export interface Addon {
  attach(onWake: () => void): void;
  keepAlive(alive: boolean): void;
  poll(): Mail;
  /** Ends the work on what `poll` gave; true when more has come, which nothing else will tell. */
  rest(): boolean;
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

  /** `serve`: the options of a websocket server as JSON. */
  sessionOpen(config: ConfigHandle, serve: string | undefined): OperationId;
  sessionClose(session: SessionHandle): OperationId;
  sessionIsClosed(session: SessionHandle): boolean;
  sessionZid(session: SessionHandle): string;
  /** JSON: `SessionFacts`. */
  sessionStats(session: SessionHandle): string;
  /** JSON; of a session that serves. */
  sessionServerStats(session: SessionHandle): string;
  /** Answers are JSON: see `BackendConnectivity`. */
  sessionInfo(session: SessionHandle): OperationId;
  sessionTransports(session: SessionHandle): OperationId;
  sessionLinks(session: SessionHandle): OperationId;
  sessionTransportEvents(session: SessionHandle, history: boolean): OperationId;
  sessionLinkEvents(session: SessionHandle, history: boolean): OperationId;
  scout(config: ConfigHandle, what: number): OperationId;
  sessionId(session: SessionHandle): string;
  sessionNewTimestamp(session: SessionHandle): string;
  sessionDeclareKeyExpr(session: SessionHandle, key: string): OperationId;
  sessionUndeclareKeyExpr(session: SessionHandle, declared: number): OperationId;
  sessionPut(
    session: SessionHandle,
    key: string,
    segments: readonly Uint8Array[],
    attachment: readonly Uint8Array[] | undefined,
    encoding: string | undefined,
    qos: number,
    timestamp: string | undefined,
    source: string | undefined,
    declared: number | undefined,
  ): PutOutcome;
  sessionDelete(
    session: SessionHandle,
    key: string,
    attachment: readonly Uint8Array[] | undefined,
    encoding: undefined,
    qos: number,
    timestamp: string | undefined,
    source: string | undefined,
    declared: number | undefined,
  ): PutOutcome;
  sessionDeclarePublisher(session: SessionHandle, key: string, encoding: string | undefined, qos: number): OperationId;
  sessionDeclareSubscriber(session: SessionHandle, key: string, origin: number, ...queue: QueueArguments): OperationId;
  sessionDeclareAdvancedPublisher(
    session: SessionHandle,
    key: string,
    encoding: string | undefined,
    qos: number,
    settings: string,
  ): OperationId;
  sessionDeclareAdvancedSubscriber(
    session: SessionHandle,
    key: string,
    origin: number,
    settings: string,
    ...queue: QueueArguments
  ): OperationId;
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
    ...options: [
      ...QueryArguments,
      ...QueueArguments,
      source: string | undefined,
      points: number,
      declared: number | undefined,
    ]
  ): Asked;
  sessionLivelinessGet(session: SessionHandle, key: string, timeout: number, ...queue: QueueArguments): Asked;
  querierGet(
    querier: QuerierHandle,
    parameters: string,
    segments: readonly Uint8Array[] | undefined,
    attachment: readonly Uint8Array[] | undefined,
    encoding: string | undefined,
    ...options: [...QueueArguments, source: string | undefined, points: number]
  ): Asked;
  querierId(querier: QuerierHandle): string;
  querierUndeclare(querier: QuerierHandle): OperationId;

  queryReply(
    query: QueryHandle,
    key: string,
    segments: readonly Uint8Array[],
    attachment: readonly Uint8Array[] | undefined,
    encoding: string | undefined,
    qos: number,
    timestamp: string | undefined,
    source: string | undefined,
  ): PutOutcome;
  queryReplyDel(
    query: QueryHandle,
    key: string,
    attachment: readonly Uint8Array[] | undefined,
    encoding: undefined,
    qos: number,
    timestamp: string | undefined,
    source: string | undefined,
  ): PutOutcome;
  queryReplyErr(query: QueryHandle, segments: readonly Uint8Array[], encoding: string | undefined): PutOutcome;
  queryFinalize(query: QueryHandle): void;

  /** Of one segment, and no more. */
  publisherPutPlain(publisher: PublisherHandle, segment: Uint8Array): PutOutcome;
  publisherPut(
    publisher: PublisherHandle,
    segments: readonly Uint8Array[],
    attachment: readonly Uint8Array[] | undefined,
    encoding: string | undefined,
    how: number,
    timestamp: string | undefined,
    source: string | undefined,
  ): PutOutcome;
  publisherDelete(
    publisher: PublisherHandle,
    attachment: readonly Uint8Array[] | undefined,
    encoding: undefined,
    how: number,
    timestamp: string | undefined,
    source: string | undefined,
  ): PutOutcome;
  publisherId(publisher: PublisherHandle): string;
  publisherMatching(publisher: PublisherHandle): boolean;
  publisherMatchingEvents(publisher: PublisherHandle): OperationId;
  querierMatching(querier: QuerierHandle): boolean;
  querierMatchingEvents(querier: QuerierHandle): OperationId;
  publisherUndeclare(publisher: PublisherHandle): OperationId;

  inboxId(inbox: InboxHandle): number;
  /** Empty for a get. */
  inboxEntityId(inbox: InboxHandle): string;
  inboxFinished(inbox: InboxHandle): boolean;
  /** Of an advanced subscriber. */
  inboxMissListener(inbox: InboxHandle, session: SessionHandle): OperationId;
  inboxUndeclare(inbox: InboxHandle): OperationId;
  inboxTake(inbox: InboxHandle, count: number, bytes: number): RawBatch;
  inboxCounters(inbox: InboxHandle): QueueCounters;

  allocHeap(size: number, alignment: number): Shown;
  releaseRegion(buffer: ArrayBuffer, region: number): boolean;
  /** Of a chunk of shared memory: 0 when nobody else has it, 1 when somebody does, 2 when it was taken from its users. */
  chunkUse(region: number): number;

  slicedShow(payload: SlicedHandle, slice: number): Shown;
  slicedCopy(payload: SlicedHandle, slice: number, offset: number, out: Uint8Array): void;
  slicedClear(payload: SlicedHandle): void;

  shmPool(size: number, alignment: number): ShmPoolHandle;
  shmAlloc(pool: ShmPoolHandle, size: number, policy: number, limit: number): Shown;
  /** `ticket` names the wait for `shmCancel`; a timeout of 0 has no end. Answers with {@link Shown}. */
  shmAllocAsync(
    pool: ShmPoolHandle,
    ticket: number,
    size: number,
    policy: number,
    limit: number,
    timeout: number,
  ): OperationId;
  shmCancel(pool: ShmPoolHandle, ticket: number): void;
  shmCollect(pool: ShmPoolHandle, force: boolean): number;
  shmDefragment(pool: ShmPoolHandle): number;
  shmStats(pool: ShmPoolHandle): string;
  sessionShmPool(session: SessionHandle): SessionPoolHandle;
  /** Answers when the pool can be used. */
  sessionShmReady(pool: SessionPoolHandle): OperationId;
  sessionShmSize(pool: SessionPoolHandle): number;
  sessionShmAlloc(pool: SessionPoolHandle, size: number, policy: number, limit: number): Shown;
  sessionShmCollect(pool: SessionPoolHandle): number;
  shmCleanup(): OperationId;
  shmDiagnose(session: SessionHandle | undefined): OperationId;
  /** For tests: from now on, behave as a runtime that refuses ArrayBuffers over native memory. */
  forbidExternalBuffers(forbidden: boolean): void;

  handOver(segments: readonly Uint8Array[]): [token: number, copied: number];
  /** A view is three numbers: the index of its buffer, its start, its length. */
  takeOver(token: number): [buffers: ArrayBuffer[], regions: number[], views: number[]];
}
