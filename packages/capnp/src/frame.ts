// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import { CapnpPayloadError } from './errors.js';
import type { ResolvedLimits } from './limits.js';

/** A segment's place in the payload: bytes `[start, end)`, a whole number of words. */
export interface FrameSegment {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the segment table of the standard stream framing and checks it against the payload and the limits. Nothing is
 * allocated on the word of the table: only the table itself is looked at, and only after the payload was seen to hold
 * it. A table cut by a slice border is gathered (and counted); at the default limits it has at most 2 KiB.
 *
 * Follows https://capnproto.org/encoding.html#serialization-over-a-stream
 */
export function readFrame(payload: ZBytes, limits: ResolvedLimits): FrameSegment[] {
  const { length } = payload;
  if (length < 4) throw truncated(`${length} bytes hold no segment count`);
  const count = tableView(payload, 0, 4).getUint32(0, true) + 1;
  if (count >= limits.segmentLimit) {
    throw new CapnpPayloadError('CAPNP_LIMIT', `${count} segments; they must be fewer than ${limits.segmentLimit}`);
  }
  const tableEnd = 4 + 4 * count;
  const start = tableEnd + (tableEnd % 8);
  if (length < start) throw truncated(`${length} bytes do not hold a table of ${count} segments`);

  const table = tableView(payload, 4, tableEnd);
  const segments: FrameSegment[] = [];
  let end = start;
  for (let i = 0; i < count; i++) {
    const size = table.getUint32(4 * i, true) * 8;
    segments.push({ start: end, end: end + size });
    end += size;
  }
  const total = end - start;
  if (total > limits.maxBytes) {
    throw new CapnpPayloadError('CAPNP_LIMIT', `a message of ${total} bytes is larger than ${limits.maxBytes}`);
  }
  if (end > length) throw truncated(`the segments need ${end} bytes, the payload has ${length}`);
  if (end < length) {
    throw new CapnpPayloadError('CAPNP_INVALID', `${length - end} bytes follow the last segment`);
  }
  if (table.getUint32(0, true) === 0) {
    throw new CapnpPayloadError('CAPNP_INVALID', 'the first segment is empty: there is no root pointer');
  }
  return segments;
}

function tableView(payload: ZBytes, start: number, end: number): DataView {
  const bytes = payload.range(start, end);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function truncated(what: string): CapnpPayloadError {
  return new CapnpPayloadError('CAPNP_TRUNCATED', `no complete Cap'n Proto message: ${what}`);
}
