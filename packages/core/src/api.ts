// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What every entry of the package offers, whatever reaches zenoh.

export { Duration } from 'typed-duration';
export type {
  AdvancedPublisherOptions,
  CacheConfig,
  MissDetectionConfig,
  RepliesConfig,
} from './advanced-publisher.js';
export { AdvancedPublisher } from './advanced-publisher.js';
export type {
  AdvancedSubscriberOptions,
  DetectPublishersOptions,
  HistoryConfig,
  RecoveryConfig,
} from './advanced-subscriber.js';
export { AdvancedSubscriber } from './advanced-subscriber.js';
export type {
  Backend,
  OpenOptions,
  OverflowPolicy,
  PutResult,
  QueueBounds,
  QueueStats,
  SessionConfig,
} from './backend.js';
export { BACKEND } from './backend.js';
export { CancellationToken } from './cancellation-token.js';
export type { Callback, ChannelOptions, ChannelReceiver, Drop, Handler, TryReceived } from './channels.js';
export { ChannelState, FifoChannel, RingChannel, TryReceivedKind } from './channels.js';
export type { ConnectionEvent, ConnectionListenerOptions, ConnectionState } from './connection.js';
export { ConnectionListener } from './connection.js';
export type { IntoDuration } from './duration.js';
export type { IntoEncoding } from './encoding.js';
export { Encoding } from './encoding.js';
export { EncodingPredefined } from './encoding-table.js';
export {
  CongestionControl,
  ConsolidationMode,
  InterceptionPoint,
  Locality,
  Priority,
  QueryTarget,
  Reliability,
  ReplyKeyExpr,
  SampleKind,
  WhatAmI,
} from './enums.js';
export type { ErrorCode } from './errors.js';
export { CoreError, KeFormatError, LimitError, NotZeroCopyError, SegmentError, ZenohError } from './errors.js';
export type { EventStats } from './event-queue.js';
export { externalMemory } from './external-memory.js';
export type { AskingOptions, QuestionOptions } from './get.js';
export { KeFormat } from './ke-format.js';
export { KeTree } from './ke-tree.js';
export type { FieldId, FieldValue, FieldValues, ParsedFields } from './key-expr/format/fields.js';
export { SetIntersectionLevel } from './key-expr/relation.js';
export type { IntoKeyExpr } from './key-expr.js';
export { KeyExpr } from './key-expr.js';
export type { LinkEventsListenerOptions } from './link-info.js';
export { LinkEvent, LinkEventsListener, LinkInfo } from './link-info.js';
export type { ListenerOptions } from './listener.js';
export type { LivelinessGetOptions, LivelinessSubscriberOptions } from './liveliness.js';
export { Liveliness, LivelinessToken } from './liveliness.js';
export type { MatchingListenerOptions } from './matching.js';
export { MatchingListener, MatchingStatus } from './matching.js';
export type { MessageOptions } from './message.js';
export { Miss, SampleMissListener } from './miss.js';
export type { Allocator, AllocOptions, NativeBuffer } from './native-buffer.js';
export type { IntoParameters } from './parameters.js';
export { Parameters } from './parameters.js';
export type { PublisherDeleteOptions, PublisherOptions, PublisherPutOptions } from './publisher.js';
export { Publisher } from './publisher.js';
export type { PutStats } from './put-counter.js';
export type { QosOptions } from './qos.js';
export type { QuerierGetOptions, QuerierOptions } from './querier.js';
export { Querier } from './querier.js';
export type { QueryFields, ReplyDelOptions, ReplyErrOptions, ReplyOptions } from './query.js';
export { Query } from './query.js';
export type { QueryableOptions } from './queryable.js';
export { Queryable } from './queryable.js';
export { Reply, ReplyError } from './reply.js';
export { Sample } from './sample.js';
export type { ScoutOptions } from './scout.js';
export { Hello, Scout, scout } from './scout.js';
export type { IntoSelector } from './selector.js';
export { Selector } from './selector.js';
export type { ServeOptions, WebSocketServeOptions } from './serve.js';
export type { DeleteOptions, GetOptions, PutOptions } from './session.js';
export { open, Session } from './session.js';
export { SessionInfo } from './session-info.js';
export type { SessionShmAllocOptions, SessionShmProvider } from './session-shm-provider.js';
export type { ReceivedStats, SessionStats } from './session-stats.js';
export type {
  ShmFacts,
  ShmPoolStats,
  ShmProblem,
  ShmProblemCode,
  ShmSegmentFile,
  ShmViews,
} from './shm-diagnosis.js';
export { ShmDiagnosis } from './shm-diagnosis.js';
export { EntityGlobalId, SourceInfo } from './source-info.js';
export type { SubscriberOptions } from './subscriber.js';
export { Subscriber } from './subscriber.js';
export { Timestamp } from './timestamp.js';
export type { TimestampInstrumentationOptions } from './timestamp-stack.js';
export { TimestampInstrumentation, TimestampStack, TimestampStackRecord } from './timestamp-stack.js';
export type { TransportEventsListenerOptions } from './transport-info.js';
export { TransportEvent, TransportEventsListener, TransportInfo } from './transport-info.js';
export type { WebSocketServerStats } from './websocket-server.js';
export { WebSocketServer } from './websocket-server.js';
export type { IntoWhatAmIMatcher } from './what-am-i-matcher.js';
export { WhatAmIMatcher } from './what-am-i-matcher.js';
export { coalesce } from './zbytes/coalesce.js';
export type { CopyReason, LedgerSnapshot } from './zbytes/ledger.js';
export { Ledger } from './zbytes/ledger.js';
export type { Ownership } from './zbytes/ownership.js';
export type { Segment } from './zbytes/segment-list.js';
export type { FromSegmentsOptions, IntoZBytes } from './zbytes/zbytes.js';
export { ZBytes } from './zbytes/zbytes.js';
export { ZenohId } from './zenoh-id.js';
