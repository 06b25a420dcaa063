// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Ledger, type Sample, SampleKind } from '@zenoh-segments/core';
import { ARROW_BATCH_MEDIA_TYPE } from '../../topic/bare-form.js';
import { ARROW_STREAM_MEDIA_TYPE } from '../../wire.js';
import type { McapFile } from '../mcap/file.js';
import { attachmentRecordOf, channelOf, recordOf, type SampleChannel } from '../mcap/sample-channel.js';
import type { Reporter } from '../reporter.js';
import { nanosecondsOf, WallClock } from './clock.js';
import type { RecordedHeads } from './heads.js';

interface Channels {
  readonly samples: number;
  attachments?: number;
}

/** Turns samples into messages of an MCAP file, and counts them. */
export class Recorder {
  /** The bytes that were copied into the file's memory, and to make payloads contiguous. */
  readonly ledger = new Ledger();
  readonly #file: McapFile;
  readonly #reporter: Reporter;
  readonly #clock = new WallClock();
  readonly #channels = new Map<string, Channels>();
  readonly #keys = new Set<string>();
  samples = 0;
  /** Those that found no channel left in the file; not among `samples`. */
  unrecorded = 0;
  /** Those of them that say they are Arrow data, by their encoding. */
  arrow = 0;
  deletions = 0;
  attachments = 0;
  /** Of payloads. */
  bytes = 0;

  constructor(file: McapFile, reporter: Reporter) {
    this.#file = file;
    this.#reporter = reporter;
  }

  get keys(): number {
    return this.#keys.size;
  }

  /**
   * Takes a sample, or counts it where the file has no channel left for it; its memory is not needed any more when this has resolved.
   *
   * @param heads gets what the sample needs to be opened
   * @throws {CliError} `OUTPUT`
   */
  async add(sample: Sample, heads: RecordedHeads): Promise<void> {
    const logTime = this.#clock.now();
    const stamp = sample.timestamp();
    const publishTime = stamp === undefined ? logTime : nanosecondsOf(stamp.getNtp64());
    const channel = channelOf(sample);
    const attachment = sample.attachment();
    const channels = this.#channelsOf(channel, attachment !== undefined);
    if (channels === undefined) return this.#leaveOut();
    const times = { sequence: this.samples % 2 ** 32, logTime, publishTime };
    if (attachment !== undefined) {
      channels.attachments ??= this.#file.addChannel(attachmentRecordOf(channel));
      const data = this.#counted(attachment.toBytes());
      // Never in another chunk than its sample: both are lost, or none.
      await this.#file.add({ ...times, channelId: channels.attachments, data }, false);
      this.attachments++;
    }
    const data = this.#counted(sample.payload().toBytes());
    await this.#file.add({ ...times, channelId: channels.samples, data }, true);
    this.samples++;
    this.bytes += data.byteLength;
    if (sample.kind() === SampleKind.DELETE) this.deletions++;
    else if (channel.encoding.startsWith(ARROW_STREAM_MEDIA_TYPE)) this.arrow++;
    else if (channel.encoding.startsWith(ARROW_BATCH_MEDIA_TYPE)) {
      this.arrow++;
      heads.need(sample, times);
    }
  }

  /** Undefined when the file has not all the channels left that the sample needs: it is recorded whole, or not at all. */
  #channelsOf(channel: SampleChannel, attached: boolean): Channels | undefined {
    const { key, encoding, deletion, priority, express } = channel;
    const name = JSON.stringify([key, encoding, deletion, priority, express]);
    const known = this.#channels.get(name);
    const needed = Number(known === undefined) + Number(attached && known?.attachments === undefined);
    if (needed > this.#file.channelsLeft) return undefined;
    if (known !== undefined) return known;
    const made: Channels = { samples: this.#file.addChannel(recordOf(channel)) };
    this.#channels.set(name, made);
    this.#keys.add(key);
    return made;
  }

  #leaveOut(): void {
    if (this.unrecorded++ > 0) return;
    this.#reporter.warn(
      'TOO_MANY_KEYS',
      'the file has all the channels that an MCAP file can have: samples that need another one (a new key, or a known one ' +
        'with another encoding, priority or its first attachment) are counted and not recorded',
    );
  }

  /** The library copies it into a chunk, and the chunk into a record. */
  #counted(data: Uint8Array): Uint8Array {
    this.ledger.count('convert', 2 * data.byteLength);
    return data;
  }
}
