// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Locality } from './enums.js';
import type { Sample } from './sample.js';
import type { Ledger } from './zbytes/ledger.js';
import type { ZBytes } from './zbytes/zbytes.js';

/** What every message may carry besides its payload. */
export interface MessageFields {
  readonly attachment: ZBytes | undefined;
  /** zenoh's text form; undefined for the default. */
  readonly encoding: string | undefined;
  /** zenoh's text form. */
  readonly timestamp: string | undefined;
}

/** What a subscriber's queue does with a sample that finds it full. */
export type OverflowPolicy = 'block' | 'drop-oldest' | 'drop-newest' | 'error';

/** The bounds of a subscriber's queue. */
export interface QueueBounds {
  /** Samples. */
  readonly count: number;
  /** Bytes of payloads and attachments, plus 256 for each sample. One larger sample still fits alone. */
  readonly bytes: number;
  readonly policy: OverflowPolicy;
}

/** Exact accounting of a subscriber: `received = delivered + queued + dropped`. */
export interface SubscriberStats {
  readonly received: number;
  readonly delivered: number;
  /** Samples lost here, by reason. `deadlock`: a local put to a full `block` queue, which can't wait for itself. */
  readonly dropped: {
    readonly oldest: number;
    readonly newest: number;
    readonly deadlock: number;
    readonly closed: number;
  };
  /** Samples and bytes queued now, and the most samples ever queued. */
  readonly queued: number;
  readonly queuedBytes: number;
  readonly highWater: number;
  /** Bytes handed over, and those of them copied out because they were small, counted apart from the ledger. */
  readonly carried: number;
  readonly small: number;
}

/** A batch taken from a subscriber's queue. */
export interface Taken {
  readonly samples: Sample[];
  /** More is queued; when false, `onReady` is called again for the next sample. */
  readonly more: boolean;
  /** The queue failed by its policy `error`: nothing comes after what is still queued. */
  readonly failed: boolean;
}

export interface BackendSubscriber {
  /** Takes up to `count` samples. */
  take(count: number): Taken;
  stats(): SubscriberStats;
  undeclare(): Promise<void>;
  /** Whether this subscriber keeps the process alive. */
  keepAlive(alive: boolean): void;
}

/** A backend that has done its work on return gives nothing to wait for. */
export type Done = Promise<void> | undefined;

export interface BackendPublisher {
  /** Counts the copies it makes in the payload's ledger. */
  put(payload: ZBytes, fields: MessageFields): Done;
  delete(fields: MessageFields): Done;
  undeclare(): Promise<void>;
}

export interface BackendSession {
  readonly zid: string;
  isClosed(): boolean;
  close(): Promise<void>;
  put(keyExpr: string, payload: ZBytes, qos: number, fields: MessageFields): Done;
  delete(keyExpr: string, qos: number, fields: MessageFields): Done;
  declarePublisher(keyExpr: string, encoding: string | undefined, qos: number): Promise<BackendPublisher>;
  /** `onReady` is called, on the event loop, when the queue has samples after having had none. */
  declareSubscriber(
    keyExpr: string,
    bounds: QueueBounds,
    origin: Locality,
    ledger: Ledger,
    onReady: () => void,
  ): Promise<BackendSubscriber>;
}

/** The port: how a session reaches zenoh. Given to `Session.open`, never global. */
export interface Backend<C> {
  open(config: C): Promise<BackendSession>;
}
