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
  const count = readCount(tableView(payload, 0, 4), limits);
  if (length < tableLength(count)) throw truncated(`${length} bytes do not hold a table of ${count} segments`);
  const segments = readTable(tableView(payload, 4, 4 + 4 * count), limits);
  const { end } = segments.at(-1) as FrameSegment;
  if (end > length) throw truncated(`the segments need ${end} bytes, the payload has ${length}`);
  if (end < length) {
    throw new CapnpPayloadError('CAPNP_INVALID', `${length - end} bytes follow the last segment`);
  }
  return segments;
}

/** The number of segments, from the first word of a frame. */
export function readCount(start: DataView, limits: ResolvedLimits): number {
  const count = start.getUint32(0, true) + 1;
  if (count < limits.segmentLimit) return count;
  throw new CapnpPayloadError(
    'CAPNP_LIMIT',
    `${count} segments; they must be fewer than ${limits.segmentLimit} (is this a Cap'n Proto message at all?)`,
  );
}

/** The bytes before the first segment, of a frame of `count` segments. */
export function tableLength(count: number): number {
  return 8 * Math.ceil((4 + 4 * count) / 8);
}

/** The places of the segments, from the part of a table that has their sizes. */
export function readTable(sizes: DataView, limits: ResolvedLimits): FrameSegment[] {
  const count = sizes.byteLength / 4;
  const start = tableLength(count);
  const segments: FrameSegment[] = [];
  let end = start;
  for (let i = 0; i < count; i++) {
    const size = sizes.getUint32(4 * i, true) * 8;
    segments.push({ start: end, end: end + size });
    end += size;
  }
  const total = end - start;
  if (total > limits.maxBytes) {
    throw new CapnpPayloadError('CAPNP_LIMIT', `a message of ${total} bytes is larger than ${limits.maxBytes}`);
  }
  if (sizes.getUint32(0, true) === 0) {
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
