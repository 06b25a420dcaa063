// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { crc32 } from '@foxglove/crc';
import {
  type Channel,
  type ChunkIndex,
  McapChunkBuilder,
  McapRecordBuilder,
  type Message,
  Opcode,
  type Statistics,
  type SummaryOffset,
} from '@mcap/core';
import { CliError } from '../cli-error.js';
import type { OutputFile } from '../output-file.js';
import { thousands } from '../units.js';
import type { Compress } from './compression.js';

/** Channels are numbered with 16 bits. */
const MAX_CHANNELS = 65_536;
/** A builder that grew beyond this for one large message is not kept. */
const KEEP_BYTES = 16 * 2 ** 20;
/** Opcode and length before, and the checksum at the end, of a footer: summary start, summary offset start, checksum. */
const FOOTER_BEFORE_CRC = 1 + 8 + 8 + 8;

/**
 * An MCAP file (mcap.dev/spec) in the making: chunks with their message indexes, and at the end the summary.
 *
 * Its records are those of the format's own library. The writer of that library is not used, because it ends a chunk only
 * when a message comes, by size, and is of no use after a failed write: here a chunk can be ended by a timer, and a disk
 * that is full still gets the summary of what fitted.
 */
export class McapFile {
  readonly #file: OutputFile;
  readonly #compress: Compress;
  readonly #chunkBytes: number;
  readonly #maxChannels: number;
  readonly #channels: Channel[] = [];
  /** Channels whose record stands in a chunk already. */
  readonly #written = new Set<number>();
  readonly #indexes: ChunkIndex[] = [];
  readonly #counts = new Map<number, bigint>();
  #chunk = new McapChunkBuilder({});
  #records = new McapRecordBuilder();
  /** Messages of the chunk in the making, by channel. */
  #pending = new Map<number, number>();
  #first: bigint | undefined;
  #last = 0n;
  #failure: unknown;
  /** Writes happen one after the other. */
  #turn: Promise<void> = Promise.resolve();

  /**
   * @param chunkBytes a chunk ends when it has more.
   * @param maxChannels not above what the format can tell apart.
   */
  constructor(file: OutputFile, compress: Compress, chunkBytes: number, maxChannels = MAX_CHANNELS) {
    this.#file = file;
    this.#compress = compress;
    this.#chunkBytes = chunkBytes;
    this.#maxChannels = maxChannels;
  }

  async start(library: string): Promise<void> {
    this.#records.writeMagic();
    this.#records.writeHeader({ profile: '', library });
    await this.#write();
  }

  /** Messages in the file. */
  get messages(): bigint {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0n);
  }

  /** Bytes in the file and in the chunk in the making. */
  get bytes(): number {
    return this.#file.position + this.#chunk.byteLength;
  }

  /** Channels that can still be added. */
  get channelsLeft(): number {
    return this.#maxChannels - this.#channels.length;
  }

  /** @throws {CliError} `OUTPUT` when none is left. */
  addChannel(info: Omit<Channel, 'id' | 'schemaId'>): number {
    const id = this.#channels.length;
    if (this.channelsLeft <= 0) {
      throw new CliError('OUTPUT', `an MCAP file holds ${thousands(this.#maxChannels)} channels at most`);
    }
    this.#channels.push({ ...info, id, schemaId: 0 });
    return id;
  }

  /** Takes a message: its data is copied. Messages stay together with those after it until `breakable`. */
  async add(message: Message, breakable: boolean): Promise<void> {
    const { channelId } = message;
    if (!this.#written.has(channelId)) {
      this.#chunk.addChannel(this.#channels[channelId] as Channel);
      this.#written.add(channelId);
    }
    this.#chunk.addMessage(message);
    this.#pending.set(channelId, (this.#pending.get(channelId) ?? 0) + 1);
    if (breakable && this.#chunk.byteLength > this.#chunkBytes) await this.flush();
  }

  /**
   * Ends the chunk in the making and writes it: what was added is safe from a death of this process.
   *
   * @throws {CliError} `OUTPUT`: the chunk is lost, and nothing of it stays in the file.
   */
  flush(): Promise<void> {
    return this.#next(() => this.#flush());
  }

  /**
   * Writes the summary of the chunks in the file, also after a failed write. Those in the making are not in it.
   *
   * @throws {CliError} `OUTPUT`: the file has no summary; its chunks are whole.
   */
  finish(): Promise<void> {
    return this.#next(() => this.#finish());
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #flush(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const chunk = this.#chunk;
    if (chunk.numMessages === 0) return;
    const counts = this.#pending;
    const data = chunk.buffer;
    const { compression, records } = this.#compress(data);
    const { messageStartTime, messageEndTime } = chunk;
    const uncompressedSize = BigInt(data.byteLength);
    const uncompressedCrc = crc32(data);
    const chunkStartOffset = BigInt(this.#file.position);
    const head = { messageStartTime, messageEndTime, uncompressedSize, compression };
    const chunkLength = this.#records.writeChunk({ ...head, uncompressedCrc, records });
    const messageIndexOffsets = new Map<number, bigint>();
    const indexStart = this.#records.length;
    for (const index of chunk.indices) {
      messageIndexOffsets.set(index.channelId, chunkStartOffset + BigInt(this.#records.length));
      this.#records.writeMessageIndex(index);
    }
    const messageIndexLength = BigInt(this.#records.length - indexStart);
    // From here on the next chunk is being made, while this one is written.
    this.#pending = new Map();
    this.#renew();
    await this.#write();
    const sizes = { compressedSize: BigInt(records.byteLength), chunkStartOffset, chunkLength };
    this.#indexes.push({ ...head, ...sizes, messageIndexOffsets, messageIndexLength });
    for (const [id, count] of counts) this.#counts.set(id, (this.#counts.get(id) ?? 0n) + BigInt(count));
    if (this.#first === undefined || messageStartTime < this.#first) this.#first = messageStartTime;
    if (messageEndTime > this.#last) this.#last = messageEndTime;
  }

  #renew(): void {
    if (this.#chunk.byteLength > KEEP_BYTES) this.#chunk = new McapChunkBuilder({});
    else this.#chunk.reset();
  }

  async #finish(): Promise<void> {
    const records = this.#records;
    records.writeDataEnd({ dataSectionCrc: 0 });
    const start = records.length;
    const position = BigInt(this.#file.position);
    const offsets: SummaryOffset[] = [];
    const group = (groupOpcode: Opcode, write: () => void) => {
      const before = records.length;
      write();
      const groupLength = BigInt(records.length - before);
      if (groupLength > 0n) offsets.push({ groupOpcode, groupStart: position + BigInt(before), groupLength });
    };
    group(Opcode.CHANNEL, () => {
      for (const channel of this.#channels) if (this.#counts.has(channel.id)) records.writeChannel(channel);
    });
    group(Opcode.STATISTICS, () => records.writeStatistics(this.#statistics()));
    group(Opcode.CHUNK_INDEX, () => {
      for (const index of this.#indexes) records.writeChunkIndex(index);
    });
    const offsetStart = position + BigInt(records.length);
    for (const offset of offsets) records.writeSummaryOffset(offset);
    const footer = { summaryStart: position + BigInt(start), summaryOffsetStart: offsetStart };
    const draft = new McapRecordBuilder();
    draft.writeFooter({ ...footer, summaryCrc: 0 });
    const summary = Buffer.concat([records.buffer.subarray(start), draft.buffer.subarray(0, FOOTER_BEFORE_CRC)]);
    records.writeFooter({ ...footer, summaryCrc: crc32(summary) });
    records.writeMagic();
    await this.#write();
  }

  #statistics(): Statistics {
    return {
      messageCount: this.messages,
      schemaCount: 0,
      channelCount: this.#counts.size,
      attachmentCount: 0,
      metadataCount: 0,
      chunkCount: this.#indexes.length,
      messageStartTime: this.#first ?? 0n,
      messageEndTime: this.#last,
      channelMessageCounts: this.#counts,
    };
  }

  /** Writes what the record builder holds; of a failed write nothing stays. */
  async #write(): Promise<void> {
    try {
      await this.#file.write(this.#records.buffer);
    } catch (error) {
      this.#failure = error;
      await this.#file.cut();
      throw error;
    } finally {
      if (this.#records.length > KEEP_BYTES) this.#records = new McapRecordBuilder();
      else this.#records.reset();
    }
  }
}
