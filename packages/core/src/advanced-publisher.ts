// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import type { AdvancedPublication, BackendPublisher } from './backend.js';
import type { IntoDuration } from './duration.js';
import { milliseconds } from './duration.js';
import { CongestionControl } from './enums.js';
import { CoreError } from './errors.js';
import { type IntoKeyExpr, KeyExpr } from './key-expr.js';
import { Publisher, type PublisherOptions } from './publisher.js';
import { check, packQos, type QosOptions } from './qos.js';
import type { Sender } from './sender.js';

/** Quality of service of what a cache answers. */
export interface RepliesConfig extends Pick<QosOptions, 'priority' | 'express'> {
  /** `BLOCK` unless given. */
  readonly congestionControl?: CongestionControl | undefined;
}

/** What an advanced publisher keeps for subscribers that come late or lost something. */
export interface CacheConfig {
  /** How many samples are kept, the newest; 1 unless given. */
  readonly maxSamples?: number | undefined;
  readonly repliesConfig?: RepliesConfig | undefined;
}

/**
 * Numbers the samples, so that subscribers notice a gap. Without a heartbeat they notice it when the next sample comes.
 * At most one of the two.
 */
export interface MissDetectionConfig {
  /** The last number is told every so many milliseconds. */
  readonly heartbeat?: IntoDuration | undefined;
  /** The last number is told every so many milliseconds if it changed, with congestion control `BLOCK`. */
  readonly sporadicHeartbeat?: IntoDuration | undefined;
}

/** Options of `declareAdvancedPublisher`. */
export interface AdvancedPublisherOptions extends PublisherOptions {
  /**
   * Keeps samples for the `history` and `recovery` of advanced subscribers; none are kept unless given.
   *
   * JavaScript memory is copied by each put, once, and counted as `held` in the ledger; memory of `alloc`, shared memory
   * and received payloads is kept by reference, so leave it as it is until as many later puts have pushed it out.
   *
   * A put waits while the cache answers somebody, over a congested link up to 5 s: see `repliesConfig`. zenoh-ext 1.10
   * keeps a deletion as an empty put: that is what those who ask later get.
   *
   * Without `sampleMissDetection` samples are told apart by their timestamps: the config must enable `timestamping`.
   */
  readonly cache?: CacheConfig | undefined;
  readonly sampleMissDetection?: MissDetectionConfig | undefined;
  /** Whether advanced subscribers can detect this publisher, to ask its cache when it comes late; false unless given. */
  readonly publisherDetection?: boolean | undefined;
  /** Ends the key of the token that tells of this publisher: a place for metadata. */
  readonly publisherDetectionMetadata?: IntoKeyExpr | undefined;
}

/**
 * A publisher whose subscribers can ask for what they missed. Its cache, heartbeat and token end with `undeclare` and
 * with its session. It does not keep the process alive.
 */
export class AdvancedPublisher extends Publisher {
  readonly #owner: Set<AsyncDisposable>;

  /** @param owner what ends with the session */
  constructor(
    keyExpr: KeyExpr,
    backend: BackendPublisher,
    options: AdvancedPublisherOptions,
    session: Sender,
    owner: Set<AsyncDisposable>,
  ) {
    super(keyExpr, backend, options, session, owner);
    this.#owner = owner;
  }

  override undeclare(): Promise<void> {
    this.#owner.delete(this);
    return super.undeclare();
  }
}

/** The options, checked. @throws {CoreError} `INVALID_ARGUMENT`, `KEY_EXPR_INVALID` */
export function advancedPublication(options: AdvancedPublisherOptions): AdvancedPublication {
  const { cache, sampleMissDetection: misses, publisherDetectionMetadata: metadata } = options;
  if (misses?.heartbeat !== undefined && misses.sporadicHeartbeat !== undefined) {
    throw new CoreError('INVALID_ARGUMENT', 'sampleMissDetection has a heartbeat or a sporadicHeartbeat, not both');
  }
  return {
    cache: cache === undefined ? undefined : cached(cache),
    missDetection:
      misses === undefined
        ? undefined
        : {
            heartbeat: period(misses.heartbeat, 'heartbeat'),
            sporadicHeartbeat: period(misses.sporadicHeartbeat, 'sporadicHeartbeat'),
          },
    detection: options.publisherDetection ?? false,
    metadata: metadata === undefined ? undefined : new KeyExpr(metadata).toString(),
  };
}

function cached({ maxSamples, repliesConfig = {} }: CacheConfig): AdvancedPublication['cache'] {
  const { congestionControl = CongestionControl.BLOCK, priority, express } = repliesConfig;
  return { maxSamples: countOf(maxSamples, 'maxSamples'), replies: packQos({ congestionControl, priority, express }) };
}

/** @throws {CoreError} `INVALID_ARGUMENT` */
export function countOf(value: number | undefined, name: string): number | undefined {
  check(value === undefined || (Number.isSafeInteger(value) && value > 0), name, value);
  return value;
}

/** In milliseconds. @throws {CoreError} `INVALID_ARGUMENT` */
export function period(value: IntoDuration | undefined, name: string): number | undefined {
  if (value === undefined) return undefined;
  const span = milliseconds(value, name);
  check(span >= 1 && span <= LONGEST_PERIOD, name, span);
  return span;
}

/** About 136 years in milliseconds: zenoh adds periods to the time of day. */
const LONGEST_PERIOD = 2 ** 32 * 1000;
