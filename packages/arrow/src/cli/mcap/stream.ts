// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { FileHandle } from 'node:fs/promises';
import { type Channel, type DecompressHandlers, McapStreamReader } from '@mcap/core';
import { CliError } from '../cli-error.js';
import { absolute, type ChannelMessage, mcapError, type TimeRange } from './open.js';
import { MAX_RECORD_BYTES, tooLarge } from './readable.js';

const READ_BYTES = 2 ** 20;

/** The messages of a file without an index, from its start to where it is damaged or ends. */
export async function* streamMessages(
  handle: FileHandle,
  decompressHandlers: DecompressHandlers,
  range: TimeRange,
  wanted?: (channel: Channel) => boolean,
): AsyncGenerator<ChannelMessage> {
  const channels = new Map<number, Channel>();
  const reader = new McapStreamReader({ decompressHandlers, validateCrcs: true });
  let first: bigint | undefined;
  let position = 0;
  try {
    while (!reader.done()) {
      // The reader copies it.
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(READ_BYTES), 0, READ_BYTES, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      reader.append(buffer.subarray(0, bytesRead));
      for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) {
        if (record.type === 'Channel') channels.set(record.id, record);
        if (record.type !== 'Message') continue;
        first ??= record.logTime;
        const start = absolute(range.start, first);
        const end = absolute(range.end, first);
        const outside = (start !== undefined && record.logTime < start) || (end !== undefined && record.logTime > end);
        const channel = channels.get(record.channelId) as Channel;
        if (!outside && wanted?.(channel) !== false) yield { channel, message: record };
      }
      if (reader.bytesRemaining() > MAX_RECORD_BYTES) throw tooLarge(reader.bytesRemaining());
    }
  } catch (error) {
    throw mcapError(error);
  }
  if (!reader.done()) {
    throw new CliError(
      'MCAP_TRUNCATED',
      `the file ends after ${position} bytes, without the end of an MCAP file: all that is whole in it was played`,
    );
  }
}
