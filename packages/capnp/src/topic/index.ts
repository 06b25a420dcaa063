// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
export type { KeyParams, KeyValue, ReceivedParams, SomeParams } from './key-template.js';
export type { Request, TypedGetOptions } from './replies.js';
export type { Build, BuildOptions, Decoded, EncodeOptions, FormOptions } from './struct-codec.js';
export { StructCodec, structCodec } from './struct-codec.js';
export type { TopicOptions } from './topic.js';
export { Topic, topic } from './topic.js';
export type { TypedPublisherOptions, TypedPutMessageOptions, TypedPutOptions } from './typed-publisher.js';
export { TypedPublisher } from './typed-publisher.js';
export type {
  TypedQueryableOptions,
  TypedReplyDelOptions,
  TypedReplyMessageOptions,
  TypedReplyOptions,
} from './typed-query.js';
export { TypedQuery } from './typed-query.js';
export type { ReceivingOptions } from './typed-sample.js';
export { TypedReply, TypedSample } from './typed-sample.js';
export type { SubscribeOptions, TypedSubscriberOptions } from './typed-subscriber.js';
export { TypedSubscriber } from './typed-subscriber.js';
