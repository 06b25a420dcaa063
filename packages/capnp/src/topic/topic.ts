// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { KeyExpr, QosOptions, Queryable, Session } from '@zenoh-segments/core';
import type { Struct } from 'capnp-es';
import { type KeyParams, KeyTemplate, type SomeParams } from './key-template.js';
import { replies, type TypedGetOptions } from './replies.js';
import type { FormOptions, StructCodec } from './struct-codec.js';
import { TypedPublisher, type TypedPublisherOptions } from './typed-publisher.js';
import { answer, defined, type TypedQueryableOptions } from './typed-query.js';
import type { Opening, TypedReply, TypedSample } from './typed-sample.js';
import {
  type SubscribeOptions,
  sampleSift,
  samplesTo,
  TypedSubscriber,
  type TypedSubscriberOptions,
} from './typed-subscriber.js';

/** Where messages of a type are published, and how. */
export interface TopicOptions<Key extends string> extends Omit<QosOptions, 'allowedDestination'>, FormOptions {
  /** A key in which whole chunks may be parameters: `robots/{robot}/telemetry`. It has no wildcards. */
  readonly key: Key;
}

/** Parameters may be left out where a key has none. */
type Given<Params, Options> =
  Record<string, never> extends Params ? [params?: Params, options?: Options] : [params: Params, options?: Options];

/** Messages of one type on keys of one form. Its functions may be taken off it: they need no `this`. */
export class Topic<T extends Struct, Params> {
  readonly codec: StructCodec<T>;
  /** As given: `robots/{robot}/telemetry`. */
  readonly key: string;
  readonly #template: KeyTemplate<Params>;
  readonly #qos: QosOptions;
  readonly #packed: boolean;

  /** @internal */
  constructor(codec: StructCodec<T>, { key, packed = false, ...qos }: TopicOptions<string>) {
    this.codec = codec;
    this.key = key;
    this.#template = new KeyTemplate(key);
    this.#qos = qos;
    this.#packed = packed;
  }

  /**
   * The key expression of these parameters, `*` in the place of those left out.
   *
   * @throws {KeFormatError} `KEY_FORMAT_MISMATCH` for a value that is not one chunk of a key (`field` names the parameter),
   * `INVALID_ARGUMENT` for an unknown parameter
   */
  readonly keyExpr = (params: SomeParams<Params> = {}): KeyExpr => this.#template.key(params, '*');

  /**
   * Declares a publisher on the key of these parameters, with the topic's encoding and quality of service; `options` go
   * before the topic's.
   *
   * @throws {KeFormatError} as `keyExpr`, and `INVALID_ARGUMENT` for a missing parameter
   * @throws {CoreError} as `Session.declarePublisher`
   */
  readonly declarePublisher = async (
    session: Session,
    ...[params, options = {}]: Given<Params, TypedPublisherOptions>
  ): Promise<TypedPublisher<T>> => {
    const key = this.#template.key(params ?? {});
    const { packed = this.#packed, ...qos } = { ...this.#qos, ...defined(options) };
    const encoding = packed ? this.codec.packedEncoding : this.codec.encoding;
    const publisher = await session.declarePublisher(key, { ...qos, encoding });
    return new TypedPublisher(publisher, this.codec, packed);
  };

  /**
   * Messages of the topic, for `for await`: the loop declares a subscriber when it begins, and undeclares it when it is
   * left. Parameters left out are any. `declareSubscriber` tells when it is declared.
   *
   * @throws {KeFormatError} as `keyExpr`; what `Session.declareSubscriber` throws, the loop does
   */
  readonly subscribe = (
    session: Session,
    params: SomeParams<Params> = {},
    options: SubscribeOptions<T, Params> = {},
  ): AsyncIterable<TypedSample<T, Params>> => {
    const key = this.keyExpr(params);
    const declare = () => this.#declareSubscriber(session, key, options);
    return {
      async *[Symbol.asyncIterator]() {
        yield* await declare();
      },
    };
  };

  /**
   * Declares a subscriber. Parameters left out are any.
   *
   * @throws {KeFormatError} as `keyExpr`
   * @throws {CoreError} as `Session.declareSubscriber`
   */
  readonly declareSubscriber = async (
    session: Session,
    params: SomeParams<Params> = {},
    options: TypedSubscriberOptions<T, Params> = {},
  ): Promise<TypedSubscriber<T, Params>> => this.#declareSubscriber(session, this.keyExpr(params), options);

  /**
   * Declares a queryable that answers with messages of the topic. Parameters left out are any.
   *
   * @throws {KeFormatError} as `keyExpr`
   * @throws {CoreError} as `Session.declareQueryable`
   */
  readonly declareQueryable = async <R extends Struct = never>(
    session: Session,
    params: SomeParams<Params>,
    options: TypedQueryableOptions<T, Params, R>,
  ): Promise<Queryable> => {
    const key = this.keyExpr(params);
    const { packed = this.#packed, request } = options;
    const answering = { ...this.#opening(options), own: params, packed, request };
    return session.declareQueryable(key, {
      ...options,
      handler: (query) => answer(query, answering, options),
    });
  };

  /**
   * Asks the queryables of the topic, for `for await`: each loop asks anew, and leaving it cancels. It throws `CAPNP_REPLY`
   * for an error reply, a timeout included, unless there is `onInvalid`. Parameters left out are any.
   *
   * @throws {KeFormatError} as `keyExpr`; what `Session.get` throws, the loop does
   */
  readonly get = <R extends Struct = never>(
    session: Session,
    params: SomeParams<Params> = {},
    options: TypedGetOptions<Params, R> = {},
  ): AsyncIterable<TypedReply<T, Params>> => {
    const key = this.keyExpr(params);
    const { priority, express } = this.#qos;
    const opening = this.#opening(options);
    const settings = { priority, express, ...defined(options) };
    return { [Symbol.asyncIterator]: () => replies(session, key, opening, settings) };
  };

  async #declareSubscriber(session: Session, key: KeyExpr, options: TypedSubscriberOptions<T, Params>) {
    const sift = sampleSift(this.#opening(options), options);
    const handler = samplesTo(options.handler, sift);
    return new TypedSubscriber(await session.declareSubscriber(key, { ...options, handler }), sift);
  }

  #opening({ limits }: Pick<Opening<T, Params>, 'limits'>): Opening<T, Params> {
    return { codec: this.codec, template: this.#template, limits };
  }
}

/**
 * A topic: messages of the codec's type on keys of a form.
 *
 * @throws {KeFormatError} `KEY_FORMAT_INVALID` for a text that is no key with parameters
 */
export function topic<T extends Struct, const Key extends string>(
  codec: StructCodec<T>,
  options: TopicOptions<Key>,
): Topic<T, KeyParams<Key>> {
  return new Topic(codec, options);
}
