// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ChunkIndex } from '@mcap/core';
import { CliError } from '../cli-error.js';
import { MAX_RECORD_BYTES } from './readable.js';

/**
 * Chunks whose times overlap are all in memory while they are merged: together they must not need more than one record
 * may.
 *
 * @throws {CliError} `MCAP_INVALID` for chunks that share bytes of the file, `MCAP_LIMIT`
 */
export function checkChunks(indexes: readonly ChunkIndex[]): void {
  const byPlace = [...indexes].sort((a, b) => compare(a.chunkStartOffset, b.chunkStartOffset));
  let end = 0n;
  for (const { chunkStartOffset, chunkLength } of byPlace) {
    if (chunkStartOffset < end) throw new CliError('MCAP_INVALID', 'the index of the file has a chunk twice');
    end = chunkStartOffset + chunkLength;
  }
  const moments = indexes.flatMap(({ messageStartTime, messageEndTime, uncompressedSize }) => [
    { time: messageStartTime, bytes: uncompressedSize },
    { time: messageEndTime, bytes: -uncompressedSize },
  ]);
  // What starts is counted before what ends at the same time.
  moments.sort((a, b) => compare(a.time, b.time) || compare(b.bytes, a.bytes));
  let held = 0n;
  for (const { bytes } of moments) {
    held += bytes;
    if (held > MAX_RECORD_BYTES) {
      throw new CliError(
        'MCAP_LIMIT',
        `chunks that overlap in time need more than ${MAX_RECORD_BYTES} bytes of memory`,
      );
    }
  }
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
