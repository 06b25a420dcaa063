// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Callback, Handler, Sample, Subscriber, SubscriberOptions } from '@zenoh-segments/core';
import type { Struct } from 'capnp-es';
import { type Opening, type ReceivingOptions, sifted, TypedSample } from './typed-sample.js';

/** Options of `Topic.declareSubscriber`. */
export interface TypedSubscriberOptions<T extends Struct, Params>
  extends Omit<SubscriberOptions, 'handler'>,
    ReceivingOptions<Params, Sample> {
  /** A callback, or the channel that is read from; a `FifoChannel` of 256 unless given. */
  handler?: Handler<TypedSample<T, Params>> | undefined;
}

/** Options of `Topic.subscribe`: as `declareSubscriber`, with a channel and no callback. */
export interface SubscribeOptions<T extends Struct, Params> extends TypedSubscriberOptions<T, Params> {
  handler?: Exclude<Handler<TypedSample<T, Params>>, Callback<TypedSample<T, Params>> | readonly unknown[]> | undefined;
}

/** A declared subscriber to a topic. Without a callback, `for await (const { message } of subscriber)` reads it. */
export class TypedSubscriber<T extends Struct, Params> implements AsyncDisposable {
  /** The subscriber of core, with its ledger, its counters and its key expression; what it receives is read here. */
  readonly subscriber: Subscriber;
  readonly #sift: Sift<T, Params>;

  /** @internal */
  constructor(subscriber: Subscriber, sift: Sift<T, Params>) {
    this.subscriber = subscriber;
    this.#sift = sift;
  }

  /** Leaving the loop undeclares. @throws {CoreError} `INVALID_ARGUMENT` when there is a callback instead of a channel */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<TypedSample<T, Params>> {
    for await (const sample of this.subscriber) {
      const item = this.#sift(sample);
      if (item !== undefined) yield item;
    }
  }

  /** Stops receiving. Idempotent. */
  undeclare(): Promise<void> {
    return this.subscriber.undeclare();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.undeclare();
  }
}

type Sift<T extends Struct, Params> = (sample: Sample) => TypedSample<T, Params> | undefined;

/** Makes typed samples of samples, leaving out those that do not go to the reader. */
export function sampleSift<T extends Struct, Params>(
  opening: Opening<T, Params>,
  options: ReceivingOptions<Params, Sample>,
): Sift<T, Params> {
  return (sample) => sifted(new TypedSample(sample, opening), sample, options);
}

/** The handler for core: a callback gets typed samples; a channel says only how the queue behaves. */
export function samplesTo<T extends Struct, Params>(
  handler: Handler<TypedSample<T, Params>> | undefined,
  sift: Sift<T, Params>,
): Handler<Sample> | undefined {
  const sifting = (callback: Callback<TypedSample<T, Params>>) => (sample: Sample) => {
    const item = sift(sample);
    return item && callback(item);
  };
  if (typeof handler === 'function') return sifting(handler);
  if (Array.isArray(handler)) return [sifting(handler[0]), handler[1]];
  return handler as Handler<Sample> | undefined;
}
