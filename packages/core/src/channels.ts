// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { OverflowPolicy } from './backend.js';
import { check } from './qos.js';

export type Callback<T> = (value: T) => unknown;
/** Called once when nothing more will come. */
export type Drop = () => void;

/** What takes what a subscriber receives: a callback, a callback and its end, or a channel. */
export type Handler<T> = Callback<T> | [Callback<T>, Drop] | FifoChannel<T> | RingChannel<T>;

export enum ChannelState {
  empty = 'empty',
  receiver = 'receiver',
  data = 'data',
  close = 'close',
}

export enum TryReceivedKind {
  value = 'value',
  notReceived = 'no',
  close = 'close',
}

export type TryReceived<T> =
  | { readonly kind: TryReceivedKind.value; readonly value: T }
  | { readonly kind: TryReceivedKind.notReceived }
  | { readonly kind: TryReceivedKind.close };

/** The reading end of a channel. */
export interface ChannelReceiver<T> {
  state(): ChannelState;
  /** The next value. @throws {CoreError} `RECEIVER_CLOSED` when nothing more will come, `OVERFLOW` */
  receive(): Promise<T>;
  tryReceive(): TryReceived<T>;
  /** A web stream that takes each value when it is asked for, and ends with the channel; cancelling it ends nothing. */
  readable(): ReadableStream<T>;
  /** Ends when the subscriber is undeclared. @throws {CoreError} `OVERFLOW` for policy `error` */
  [Symbol.asyncIterator](): AsyncIterableIterator<T>;
}

/** Options of a channel. */
export interface ChannelOptions {
  /** The most bytes queued; 64 MiB unless given. One larger value still fits alone. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

abstract class Channel<T> {
  /** Values. */
  readonly capacity: number;
  /** Bytes. */
  readonly maxBytes: number;
  /** What a full queue does. */
  abstract readonly policy: OverflowPolicy;
  /** Keeps `Channel<A>` and `Channel<B>` apart. */
  declare readonly __value?: T;

  constructor(capacity: number, options: ChannelOptions = {}) {
    this.capacity = capacity;
    this.maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    check(Number.isSafeInteger(capacity) && capacity > 0, 'capacity', capacity);
    check(Number.isSafeInteger(this.maxBytes) && this.maxBytes > 0, 'maxBytes', this.maxBytes);
  }
}

/**
 * A queue that makes the sender wait when it is full, as in Rust: back-pressure reaches the publisher, and nothing is
 * lost on the way from another session if that puts with congestion control `BLOCK`; with `DROP`, zenoh's default, its network
 * drops what finds no room. (zenoh-ts drops the newest instead.) The promise of a
 * `put` of the same session waits for room too; a `putSync` can't, and its sample is dropped and counted as `deadlock`.
 *
 * A reader that leaves it full must not do so for long: zenoh 1.10 may give up a link of which one batch, up to 64 KiB of
 * messages, took longer than the lease that the sender promises, 10 s unless the sender's `transport/link/tx/lease` says
 * otherwise, and what is left of that link can take nothing more. For readers that pause that long, raise the senders' lease, or
 * take a {@link RingChannel}.
 */
export class FifoChannel<T> extends Channel<T> {
  readonly policy = 'block';
}

/** A queue that keeps the newest: when it is full, the oldest goes. */
export class RingChannel<T> extends Channel<T> {
  readonly policy = 'drop-oldest';
}
