// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Ledger } from '../zbytes/ledger.js';
import { payloadAccess, type ZBytes } from '../zbytes/zbytes.js';
import { addon } from './load.js';

/**
 * A payload of views over native memory that `buffers` show; its dispose detaches them. A region number of 0 means that
 * the runtime forbids such buffers, so that the bytes were copied.
 */
export function overRegions(
  segments: readonly Uint8Array[],
  buffers: readonly ArrayBuffer[],
  regions: readonly number[],
  ledger: Ledger,
): ZBytes {
  for (const segment of segments) ledger.carry(segment.byteLength);
  buffers.forEach((buffer, i) => {
    if (regions[i] === 0) ledger.count('external-buffers-forbidden', buffer.byteLength);
  });
  return payloadAccess.over(segments, ledger, () => {
    buffers.forEach((buffer, i) => {
      if (regions[i] !== 0) addon().releaseRegion(buffer, regions[i] as number);
    });
  });
}
