// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { countOf, period } from './advanced-publisher.js';
import type { AdvancedSubscription, BackendAdvancedInbox, BackendListener, QueueBounds } from './backend.js';
import type { Handler } from './channels.js';
import type { IntoDuration } from './duration.js';
import { CoreError } from './errors.js';
import { type IntoKeyExpr, KeyExpr } from './key-expr.js';
import type { Liveliness } from './liveliness.js';
import { Miss, SampleMissListener } from './miss.js';
import type { Reader } from './reader.js';
import type { Sample } from './sample.js';
import { Subscriber, type SubscriberOptions } from './subscriber.js';
import type { Ledger } from './zbytes/ledger.js';

/** Which samples of before the declaration are asked for. Only caches of advanced publishers have any. */
export interface HistoryConfig {
  /** Whether publishers with `publisherDetection` that come later are asked too; false unless given. */
  readonly detectLatePublishers?: boolean | undefined;
  /** The most samples of each publisher; all that its cache holds unless given. */
  readonly maxSamples?: number | undefined;
  /** Milliseconds, by the samples' timestamps: only younger ones. Of any age unless given. */
  readonly maxAge?: IntoDuration | undefined;
}

/**
 * How lost samples are asked for again. Publishers need a `cache` and `sampleMissDetection`. A gap is noticed when the
 * next sample comes; to notice it sooner, one of `heartbeat` and `periodicQueries`.
 */
export interface RecoveryConfig {
  /** Listens to the heartbeats of publishers; false unless given. */
  readonly heartbeat?: boolean | undefined;
  /**
   * Asks every so many milliseconds for samples that have not come. zenoh-ext goes on asking publishers it has heard of
   * after `undeclare`, until `retentionPeriod` or the end of the session.
   */
  readonly periodicQueries?: IntoDuration | undefined;
  /**
   * How long the last number of a silent publisher is remembered; 1 h unless given. Once it is forgotten, what the
   * publisher's cache still holds can come again.
   */
  readonly retentionPeriod?: IntoDuration | undefined;
}

/** Options of `declareAdvancedSubscriber`. */
export interface AdvancedSubscriberOptions extends SubscriberOptions {
  /** Nothing of before is asked for unless given. */
  readonly history?: HistoryConfig | undefined;
  /** Lost samples are not asked for unless given. */
  readonly recovery?: RecoveryConfig | undefined;
  /** How long answers to the above are waited for; 10 s unless given. Meanwhile later samples wait for the earlier ones. */
  readonly queryTimeout?: IntoDuration | undefined;
  /** Whether others can detect this subscriber through liveliness; false unless given. */
  readonly subscriberDetection?: boolean | undefined;
  /** Ends the key of the token that tells of this subscriber: a place for metadata. */
  readonly subscriberDetectionMetadata?: IntoKeyExpr | undefined;
}

/** Options of `AdvancedSubscriber.detectPublishers`. */
export interface DetectPublishersOptions {
  /** Whether publishers that stand already are told too; false unless given. */
  readonly history?: boolean | undefined;
  readonly bounds?: Partial<QueueBounds> | undefined;
}

/**
 * A subscriber that can ask for what was published before it came, and for what got lost. Samples of one publisher come
 * in order, each once.
 *
 * Its queue has the bounds and policies of every subscriber. With `block` (a `FifoChannel`), samples that arrive while the
 * declaration is under way, or while this thread is inside a put, go in over the bounds: waiting would be a deadlock. A full
 * one holds history, recovery and heartbeats too.
 */
export class AdvancedSubscriber extends Subscriber {
  readonly #inbox: BackendAdvancedInbox;
  readonly #liveliness: () => Liveliness;
  readonly #listeners = new Set<SampleMissListener>();
  #ended = false;

  constructor(
    keyExpr: KeyExpr,
    inbox: BackendAdvancedInbox,
    reader: Reader<Sample>,
    ledger: Ledger,
    forget: () => void,
    liveliness: () => Liveliness,
  ) {
    super(keyExpr, inbox, reader, ledger, forget);
    this.#inbox = inbox;
    this.#liveliness = liveliness;
  }

  /**
   * Calls `handler` for each gap in what one publisher with `sampleMissDetection` sent, unless it is recovered. Ends with
   * this subscriber, and keeps the process alive until then.
   *
   * @throws {CoreError} `SESSION_CLOSED`, `INVALID_ARGUMENT`
   */
  async sampleMissListener(handler: (miss: Miss) => unknown): Promise<SampleMissListener> {
    if (typeof handler !== 'function') throw new CoreError('INVALID_ARGUMENT', 'a miss handler must be a function');
    this.#check();
    const backend: BackendListener = await this.#inbox.misses(({ zid, eid, nb }) => handler(new Miss(zid, eid, nb)));
    const listener = new SampleMissListener(backend, () => this.#listeners.delete(listener));
    this.#listeners.add(listener);
    if (this.#ended) {
      // Undeclared meanwhile: nobody else would end it.
      await listener.undeclare();
      this.#check();
    }
    return listener;
  }

  /**
   * Watches publishers with `publisherDetection` come (a put) and go (a delete). The subscriber is of its own: it ends with
   * its own `undeclare` or the session.
   *
   * @throws {CoreError} `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK`
   */
  async detectPublishers(handler?: Handler<Sample>, options: DetectPublishersOptions = {}): Promise<Subscriber> {
    this.#check();
    const tokens = this.keyExpr().join('@adv/pub/**');
    return this.#liveliness().declareSubscriber(tokens, { ...options, handler });
  }

  override async undeclare(): Promise<void> {
    this.#ended = true;
    await super.undeclare();
    await Promise.all([...this.#listeners].map((listener) => listener.undeclare()));
  }

  #check(): void {
    if (this.#ended) throw new CoreError('SESSION_CLOSED', 'this subscriber is undeclared');
  }
}

/** The options, checked. @throws {CoreError} `INVALID_ARGUMENT`, `KEY_EXPR_INVALID` */
export function advancedSubscription(options: AdvancedSubscriberOptions): AdvancedSubscription {
  const { history, recovery, subscriberDetectionMetadata: metadata } = options;
  if (recovery?.heartbeat === true && recovery.periodicQueries !== undefined) {
    throw new CoreError('INVALID_ARGUMENT', 'recovery has a heartbeat or periodicQueries, not both');
  }
  return {
    history: history && {
      detectLatePublishers: history.detectLatePublishers ?? false,
      maxSamples: countOf(history.maxSamples, 'maxSamples'),
      maxAge: period(history.maxAge, 'maxAge'),
    },
    recovery: recovery && {
      heartbeat: recovery.heartbeat ?? false,
      periodicQueries: period(recovery.periodicQueries, 'periodicQueries'),
      retentionPeriod: period(recovery.retentionPeriod, 'retentionPeriod'),
    },
    queryTimeout: period(options.queryTimeout, 'queryTimeout'),
    detection: options.subscriberDetection ?? false,
    metadata: metadata === undefined ? undefined : new KeyExpr(metadata).toString(),
  };
}
