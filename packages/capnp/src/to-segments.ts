// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type FromSegmentsOptions, ZBytes } from '@zenoh-segments/core';
import type { Message } from 'capnp-es';
import { CapnpPayloadError } from './errors.js';
import { inPlace } from './received/received-segment.js';
import type { Segment } from './stock.js';

/** The C++ reader refuses frames of this many segments or more. */
const SEGMENT_LIMIT = 512;

/**
 * The message in the standard stream framing: a header of its own (a few bytes), then each segment of the message,
 * trimmed to its used length. Their concatenation is what `message.toArrayBuffer()` gives.
 *
 * The segments are views of the message's memory: nothing is copied, and the message keeps owning it. Take them when
 * the message is built: setting a field afterwards shows through them, and growing the message may move it away.
 *
 * Follows https://capnproto.org/encoding.html#serialization-over-a-stream
 *
 * @throws {CapnpPayloadError} `CAPNP_LIMIT` for a message of 512 segments or more, which the C++ reader refuses.
 */
export function toSegments(message: Message): Uint8Array[] {
  // A message in which nothing was set yet makes its first segment when it is asked for.
  message.getSegment(0);
  const { segments } = message._capnp;
  if (segments.length >= SEGMENT_LIMIT) {
    throw new CapnpPayloadError(
      'CAPNP_LIMIT',
      `a message of ${segments.length} segments can't be sent: readers refuse ${SEGMENT_LIMIT} or more`,
    );
  }
  return [header(segments), ...segments.map(bytesOf)];
}

/** Options of {@link toZBytes}; `ownership` is about the memory of the message, `retain` unless given. */
export type ToZBytesOptions = FromSegmentsOptions;

/**
 * A payload made of {@link toSegments}. With `ownership: 'retain'` no byte is copied: leave the message as it is until
 * the payload's `released`. `'transfer'` leaves the message without memory, and `'copy'` leaves it free at once.
 *
 * @throws {CapnpPayloadError} `CAPNP_LIMIT`, as {@link toSegments}.
 * @throws {SegmentError} as `ZBytes.fromSegments`; a received message can't be transferred, its memory is zenoh's.
 */
export function toZBytes(message: Message, options: ToZBytesOptions = {}): ZBytes {
  return ZBytes.fromSegments(toSegments(message), options);
}

function header(segments: readonly Segment[]): Uint8Array {
  const words = new DataView(new ArrayBuffer((4 + 4 * segments.length + 7) & ~7));
  words.setUint32(0, segments.length - 1, true);
  segments.forEach((segment, index) => {
    words.setUint32(4 + 4 * index, segment.byteLength / 8, true);
  });
  return new Uint8Array(words.buffer);
}

function bytesOf(segment: Segment): Uint8Array {
  const received = inPlace(segment);
  return received?.bytes ?? new Uint8Array(segment.buffer, segment.byteOffset, segment.byteLength);
}
