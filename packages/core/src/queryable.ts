// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { QueueBounds } from './backend.js';
import type { Handler } from './channels.js';
import { Declared } from './declared.js';
import type { Locality } from './enums.js';
import type { Query } from './query.js';

/** Options of `declareQueryable`. */
export interface QueryableOptions {
  /** Whether it has an answer for every key it is declared on; false unless given. */
  complete?: boolean | undefined;
  /** Where queries may come from; anywhere unless given. */
  allowedOrigin?: Locality | undefined;
  /** A callback, or a channel to read from; a `FifoChannel` of 256 unless given. */
  handler?: Handler<Query> | undefined;
  /** The queue before a callback: see `SubscriberOptions`. A query that is dropped is finalized without an answer. */
  bounds?: Partial<QueueBounds> | undefined;
}

/** A declared queryable. It keeps the process alive until it is undeclared or its session is closed (see `unref`). */
export class Queryable extends Declared<Query> {}
