// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type FileHandle, open, stat } from 'node:fs/promises';
import { type Channel, hasMcapPrefix, MCAP_MAGIC, McapIndexedReader, type Message } from '@mcap/core';
import { CliError } from '../cli-error.js';
import { checkChunks } from './chunks.js';
import { decompressors } from './compression.js';
import { McapReadable } from './readable.js';
import { streamMessages } from './stream.js';

/** A message with the channel it came by. Its data is valid until the next one is asked for. */
export interface ChannelMessage {
  readonly channel: Channel;
  readonly message: Message;
}

/** A file that can be read several times. */
export interface McapInput {
  /** All channels, when the file has an index of them: else they come with their messages. */
  readonly channels: readonly Channel[];
  /**
   * Messages of a time, by time. Without an index all are read, in the file's order, up to where the file is damaged or ends.
   *
   * @param wanted only those of such channels; where there is an index, the rest is not read
   * @throws {CliError} `MCAP_INVALID`, `MCAP_TRUNCATED`, `MCAP_LIMIT`
   */
  messages(range: TimeRange, wanted?: (channel: Channel) => boolean): AsyncIterable<ChannelMessage>;
  close(): Promise<void>;
}

/** Nanoseconds; both ends are in it. Relative to the first message where `relative` says so. */
export interface TimeRange {
  readonly start: TimePoint | undefined;
  readonly end: TimePoint | undefined;
}

export interface TimePoint {
  readonly relative: boolean;
  readonly time: bigint;
}

/** @throws {CliError} `INPUT` for a path that can't be read, `MCAP_INVALID` for what is no MCAP file. */
export async function openMcap(path: string): Promise<McapInput> {
  let handle: FileHandle;
  let size: number;
  try {
    // Opening a named pipe waits for who writes into it, and nothing ends that wait.
    if (!(await stat(path)).isFile()) throw new Error('it is no file');
    handle = await open(path, 'r');
  } catch (cause) {
    throw new CliError('INPUT', `can't read '${path}': ${(cause as Error).message}`, { cause });
  }
  try {
    size = (await handle.stat()).size;
    const head = new DataView(new ArrayBuffer(MCAP_MAGIC.length));
    await handle.read(head, 0, head.byteLength, 0);
    if (!hasMcapPrefix(head)) throw new CliError('MCAP_INVALID', `'${path}' is no MCAP file: it does not start as one`);
    return await inputOf(handle, size);
  } catch (error) {
    await handle.close();
    throw mcapError(error);
  }
}

async function inputOf(handle: FileHandle, size: number): Promise<McapInput> {
  const decompressHandlers = await decompressors();
  const close = () => handle.close();
  await checkSummary(handle, size);
  const reader = await indexed(new McapReadable(handle, size), decompressHandlers);
  if (reader === undefined) {
    return { channels: [], messages: (...args) => streamMessages(handle, decompressHandlers, ...args), close };
  }
  checkChunks(reader.chunkIndexes);
  const channels = [...reader.channelsById.values()];
  return { channels, messages: (...args) => indexedMessages(reader, ...args), close };
}

/** The summary is read whole, and takes several times its size then. */
const MAX_SUMMARY_BYTES = 64 * 2 ** 20;
/** At the end of the file: where the summary and its offsets are, a checksum, and the magic. */
const END_BYTES = 8 + 8 + 4 + MCAP_MAGIC.length;

/** @throws {CliError} `MCAP_LIMIT` */
async function checkSummary(handle: FileHandle, size: number): Promise<void> {
  const end = Buffer.alloc(END_BYTES);
  const { bytesRead } = await handle.read(end, 0, END_BYTES, Math.max(0, size - END_BYTES));
  const whole =
    bytesRead === END_BYTES && MCAP_MAGIC.every((byte, i) => end[END_BYTES - MCAP_MAGIC.length + i] === byte);
  const start = end.readBigUInt64LE(0);
  if (!whole || start === 0n || BigInt(size) - start <= MAX_SUMMARY_BYTES) return;
  throw new CliError(
    'MCAP_LIMIT',
    `the index of the file has ${BigInt(size) - start} bytes: more than ${MAX_SUMMARY_BYTES} are not taken`,
  );
}

/** Undefined for a file without a summary, or with a damaged one: it can still be read from its start. */
async function indexed(
  readable: McapReadable,
  decompressHandlers: Awaited<ReturnType<typeof decompressors>>,
): Promise<McapIndexedReader | undefined> {
  try {
    const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers });
    // A writer may leave the indexes out.
    const whole = reader.chunkIndexes.length > 0 || reader.statistics?.messageCount === 0n;
    return whole && reader.channelsById.size > 0 ? reader : undefined;
  } catch (error) {
    if (error instanceof CliError) throw error;
    return undefined;
  }
}

async function* indexedMessages(
  reader: McapIndexedReader,
  range: TimeRange,
  wanted?: (channel: Channel) => boolean,
): AsyncGenerator<ChannelMessage> {
  const channels = wanted && [...reader.channelsById.values()].filter(wanted);
  if (channels?.length === 0) return;
  const first = reader.chunkIndexes.reduce<bigint | undefined>(
    (least, { messageStartTime: time }) => (least === undefined || time < least ? time : least),
    undefined,
  );
  const startTime = absolute(range.start, first);
  const endTime = absolute(range.end, first);
  const bounds = {
    ...(startTime === undefined ? {} : { startTime }),
    ...(endTime === undefined ? {} : { endTime }),
    ...(channels && { topics: channels.map(({ topic }) => topic) }),
  };
  try {
    for await (const message of reader.readMessages({ ...bounds, validateCrcs: true })) {
      const channel = reader.channelsById.get(message.channelId);
      if (channel === undefined) throw new Error(`a message of channel ${message.channelId}, which is not there`);
      if (wanted?.(channel) !== false) yield { channel, message };
    }
  } catch (error) {
    throw mcapError(error);
  }
}

export function absolute(point: TimePoint | undefined, first: bigint | undefined): bigint | undefined {
  if (point === undefined) return undefined;
  return point.relative ? (first ?? 0n) + point.time : point.time;
}

/** What the format's library throws has no code. */
export function mcapError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  return new CliError('MCAP_INVALID', `the file is damaged: ${(error as Error).message}`, { cause: error });
}
