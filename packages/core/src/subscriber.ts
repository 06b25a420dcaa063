// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { QueueBounds } from './backend.js';
import type { Handler } from './channels.js';
import { Declared } from './declared.js';
import type { Locality } from './enums.js';
import type { Sample } from './sample.js';

/** Options of `declareSubscriber`. */
export interface SubscriberOptions {
  /** Where samples may come from; anywhere unless given. */
  allowedOrigin?: Locality | undefined;
  /** A callback, or a channel to read from; a `FifoChannel` of 256 unless given. */
  handler?: Handler<Sample> | undefined;
  /**
   * The queue before a callback: 4096 samples and 64 MiB, `drop-oldest`, unless given. With `block`, a slow callback
   * holds zenoh's receiving thread, and with it everything else that comes over the same link; see {@link FifoChannel} for
   * how long. Channels carry their own.
   */
  bounds?: Partial<QueueBounds> | undefined;
}

/**
 * A declared subscriber. It keeps the process alive until it is undeclared or its session is closed (see `unref`).
 *
 * With a channel, `for await (const sample of subscriber)` reads it.
 */
export class Subscriber extends Declared<Sample> {}
