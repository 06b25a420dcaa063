// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import type { Channel, Message } from '@mcap/core';
import { CongestionControl, type Publisher, type Session } from '@zenoh-segments/core';
import { codeOf } from '../cli-error.js';
import { matched } from '../matched.js';
import type { ChannelMessage } from '../mcap/open.js';
import { channelOfRecord, isAttachmentRecord, isHeadRecord } from '../mcap/sample-channel.js';
import type { StallWatch } from '../pub/stall-watch.js';
import type { Reporter } from '../reporter.js';
import type { KeyMap } from './key-map.js';

/** The most of a topic that a warning quotes. */
const QUOTED = 100;

interface Route {
  readonly publisher: Publisher;
  readonly deletion: boolean;
  readonly key: string;
}

export interface PlayerOptions {
  readonly keys: KeyMap;
  /** Whether the first message of a key waits until somebody subscribes to it. */
  readonly waitMatching: boolean;
}

/** Publishes the messages of a file as the samples they were. */
export class Player {
  readonly #session: Session;
  readonly #options: PlayerOptions;
  readonly #stalls: StallWatch;
  readonly #reporter: Reporter;
  readonly #signal: AbortSignal;
  /** By channel; undefined for one whose topic is no key. */
  readonly #routes = new Map<number, Route | undefined>();
  /** It belongs to the message after it. */
  #attachment: { readonly topic: string; readonly sequence: number; readonly data: Uint8Array } | undefined;
  /** Those that samples were published on. */
  readonly keys = new Set<string>();
  samples = 0;
  bytes = 0;
  /** Messages whose topic is no key. */
  skipped = 0;

  constructor(session: Session, options: PlayerOptions, stalls: StallWatch, reporter: Reporter, signal: AbortSignal) {
    this.#session = session;
    this.#options = options;
    this.#stalls = stalls;
    this.#reporter = reporter;
    this.#signal = signal;
  }

  /** Makes everything ready that messages of a channel need, so that the first one is in time. */
  async prepare(channel: Channel): Promise<void> {
    if (!isAttachmentRecord(channel) && !isHeadRecord(channel)) await this.#routeOf(channel);
  }

  /** @returns whether it was a sample: attachments go with the sample after them, heads are given to those who ask. */
  async play({ channel, message }: ChannelMessage): Promise<boolean> {
    if (isHeadRecord(channel)) return false;
    if (isAttachmentRecord(channel)) {
      // The reader may need its memory for what comes next.
      const data = message.data.slice();
      this.#session.ledger.count('convert', data.byteLength);
      this.#attachment = { topic: channel.topic, sequence: message.sequence, data };
      return false;
    }
    const attachment = this.#attachmentOf(channel, message);
    const route = await this.#routeOf(channel);
    if (route === undefined) {
      this.skipped++;
      return false;
    }
    const { publisher, deletion, key } = route;
    await this.#stalls.put(() =>
      deletion ? publisher.delete({ attachment }) : publisher.put(message.data, { attachment }),
    );
    this.samples++;
    this.keys.add(key);
    this.bytes += message.data.byteLength;
    return true;
  }

  #attachmentOf(channel: Channel, message: Message): Uint8Array | undefined {
    const last = this.#attachment;
    this.#attachment = undefined;
    const fits = last?.sequence === message.sequence && last.topic.startsWith(`${channel.topic}#`);
    return fits ? last.data : undefined;
  }

  async #routeOf(channel: Channel): Promise<Route | undefined> {
    if (!this.#routes.has(channel.id)) this.#routes.set(channel.id, await this.#declare(channel));
    return this.#routes.get(channel.id);
  }

  async #declare(channel: Channel): Promise<Route | undefined> {
    const { key, encoding, deletion, priority, express } = channelOfRecord(channel);
    const target = this.#options.keys.keyOf(key);
    if (target === undefined) {
      this.#reporter.warn(
        'KEY_EXPR_INVALID',
        `skipping topic '${channel.topic}': it is no key, --rename can make it one`,
      );
      return undefined;
    }
    const congestionControl = CongestionControl.BLOCK;
    let publisher: Publisher;
    try {
      publisher = await this.#session.declarePublisher(target, { encoding, priority, express, congestionControl });
    } catch (error) {
      if (codeOf(error) !== 'KEY_EXPR_INVALID') throw error;
      this.#reporter.warn(
        'KEY_EXPR_INVALID',
        `skipping topic '${channel.topic.slice(0, QUOTED)}…': ${(error as Error).message.slice(0, 2 * QUOTED)}`,
      );
      return undefined;
    }
    if (this.#options.waitMatching) await matched(publisher, this.#signal);
    return { publisher, deletion, key: target.toString() };
  }
}
