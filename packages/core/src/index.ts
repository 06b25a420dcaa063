// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

export { Duration } from 'typed-duration';
export type { Backend, OverflowPolicy, QueueBounds, QueueStats } from './backend.js';
export { CancellationToken } from './cancellation-token.js';
export type { Callback, ChannelOptions, ChannelReceiver, Drop, Handler, TryReceived } from './channels.js';
export { ChannelState, FifoChannel, RingChannel, TryReceivedKind } from './channels.js';
export { Config } from './config.js';
export type { IntoEncoding } from './encoding.js';
export { Encoding } from './encoding.js';
export { EncodingPredefined } from './encoding-table.js';
export {
  CongestionControl,
  ConsolidationMode,
  Locality,
  Priority,
  QueryTarget,
  Reliability,
  ReplyKeyExpr,
  SampleKind,
  WhatAmI,
} from './enums.js';
export type { ErrorCode } from './errors.js';
export { CoreError, NotZeroCopyError, SegmentError, ZenohError } from './errors.js';
export type { AskingOptions, IntoDuration, QuestionOptions } from './get.js';
export { SetIntersectionLevel } from './key-expr/relation.js';
export type { IntoKeyExpr } from './key-expr.js';
export { KeyExpr } from './key-expr.js';
export type { LivelinessGetOptions, LivelinessSubscriberOptions } from './liveliness.js';
export { Liveliness, LivelinessToken } from './liveliness.js';
export { MatchingStatus } from './matching.js';
export type { MessageOptions } from './message.js';
export type { HandOver } from './native/hand-over.js';
export { handOver, takeOver } from './native/hand-over.js';
export type { ShmProviderOptions } from './native/memory.js';
export { alloc, ShmProvider } from './native/memory.js';
export type { AllocOptions, NativeBuffer } from './native-buffer.js';
export type { IntoParameters } from './parameters.js';
export { Parameters } from './parameters.js';
export type { PublisherDeleteOptions, PublisherOptions, PublisherPutOptions } from './publisher.js';
export { Publisher } from './publisher.js';
export type { QosOptions } from './qos.js';
export type { QuerierGetOptions, QuerierOptions } from './querier.js';
export { Querier } from './querier.js';
export type { QueryFields, ReplyDelOptions, ReplyErrOptions, ReplyOptions } from './query.js';
export { Query } from './query.js';
export type { QueryableOptions } from './queryable.js';
export { Queryable } from './queryable.js';
export { Reply, ReplyError } from './reply.js';
export { Sample } from './sample.js';
export type { IntoSelector } from './selector.js';
export { Selector } from './selector.js';
export type { DeleteOptions, GetOptions, PutOptions } from './session.js';
export { open, Session } from './session.js';
export type { SubscriberOptions } from './subscriber.js';
export { Subscriber } from './subscriber.js';
export { Timestamp } from './timestamp.js';
export type { CopyReason, LedgerSnapshot } from './zbytes/ledger.js';
export { Ledger } from './zbytes/ledger.js';
export type { Ownership } from './zbytes/ownership.js';
export type { Segment } from './zbytes/segment-list.js';
export type { FromSegmentsOptions, IntoZBytes } from './zbytes/zbytes.js';
export { ZBytes } from './zbytes/zbytes.js';
export { ZenohId } from './zenoh-id.js';
