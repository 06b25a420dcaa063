// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { QueueBounds, Source } from './backend.js';
import { type Callback, type ChannelReceiver, type Drop, FifoChannel, type Handler, RingChannel } from './channels.js';
import { CoreError } from './errors.js';
import { PullReceiver } from './pull-receiver.js';
import { type LastWord, PushReader } from './push-reader.js';
import { check } from './qos.js';

/** How what an inbox holds leaves it: pushed to a callback, or pulled through a receiver. */
export interface Reader<T> {
  /** The inbox has something after having had nothing, or has ended. */
  onReady(): void;
  attach(source: Source<T>): void;
  /** Nothing more is wanted. */
  end(): void;
  readonly receiver: ChannelReceiver<T> | undefined;
  /** How many were taken out of the inbox but dropped because the end came. */
  readonly discarded: number;
}

export interface ReaderPlan<T> {
  readonly reader: Reader<T>;
  readonly bounds: QueueBounds;
}

/** What a handler and the bounds given with it come to. */
export interface HandlerOptions<T> {
  handler?: Handler<T> | undefined;
  bounds?: Partial<QueueBounds> | undefined;
}

const CALLBACK_BOUNDS: QueueBounds = { count: 4096, bytes: 64 * 1024 * 1024, policy: 'drop-oldest' };
const DEFAULT_CAPACITY = 256;
/** The most taken out of a queue before it is asked for. */
const AHEAD = 64;

/** @param lastWord for a callback: what a failure is told as */
export function planReader<T>(options: HandlerOptions<T>, lastWord?: LastWord<T>): ReaderPlan<T> {
  const handler = options.handler ?? new FifoChannel<T>(DEFAULT_CAPACITY);
  if (handler instanceof FifoChannel || handler instanceof RingChannel) {
    const { capacity, maxBytes, policy } = handler;
    // A ring's reader wants the newest: nothing is taken out of the queue before it is asked for.
    const ahead = policy === 'block' ? Math.min(AHEAD, capacity) : 1;
    return { reader: new PullReceiver<T>(ahead), bounds: { count: capacity, bytes: maxBytes, policy } };
  }
  const [callback, drop] = isPair(handler) ? handler : [handler, undefined];
  if (typeof callback !== 'function') {
    throw new CoreError('INVALID_ARGUMENT', 'a handler must be a callback, a [callback, drop] pair or a channel');
  }
  const bounds = { ...CALLBACK_BOUNDS, ...defined(options.bounds) };
  check(Number.isSafeInteger(bounds.count) && bounds.count > 0, 'bounds.count', bounds.count);
  check(Number.isSafeInteger(bounds.bytes) && bounds.bytes > 0, 'bounds.bytes', bounds.bytes);
  return { reader: new PushReader<T>(callback, drop, lastWord), bounds };
}

function isPair<T>(handler: Callback<T> | [Callback<T>, Drop]): handler is [Callback<T>, Drop] {
  return Array.isArray(handler);
}

function defined(bounds: Partial<QueueBounds> = {}): Partial<QueueBounds> {
  return Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined));
}
