// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type FromSegmentsOptions, ZBytes } from '@zenoh-segments/core';
import type { Message } from 'capnp-es';
import { BuildSegment } from './building/build-segment.js';
import { MessageBuilder } from './building/message-builder.js';
import { CapnpPayloadError } from './errors.js';
import { packPayload } from './packed/pack.js';
import { ReadSegment } from './reading/read-segment.js';
import type { Segment } from './stock.js';

/** The C++ reader refuses frames of this many segments or more. */
const SEGMENT_LIMIT = 512;

/**
 * The message in the standard stream framing: a header of its own (a few bytes), then each segment of the message,
 * trimmed to its used length. Their concatenation is what `message.toArrayBuffer()` gives. Adopted memory
 * whose length is no multiple of 8 is followed by up to 7 zero bytes of their own. The header of a message in chunks of
 * {@link shmAllocator} is written before its first segment, in the same memory.
 *
 * The segments are views of the message's memory: nothing is copied, and the message keeps owning it. Take them when
 * the message is built: setting a field afterwards shows through them, and growing the message may move it away.
 *
 * Follows https://capnproto.org/encoding.html#serialization-over-a-stream
 *
 * @throws {CapnpPayloadError} `CAPNP_LIMIT` for a message of 512 segments or more, which the C++ reader refuses;
 * `CAPNP_INVALID` for what is no message, and when memory of a {@link MessageBuilder} was detached or given back meanwhile.
 */
export function toSegments(message: Message): Uint8Array[] {
  checkMessage(message);
  // A message in which nothing was set yet makes its first segment when it is asked for.
  message.getSegment(0);
  const { segments } = message._capnp;
  if (segments.length >= SEGMENT_LIMIT) {
    throw new CapnpPayloadError(
      'CAPNP_LIMIT',
      `a message of ${segments.length} segments can't be sent: readers refuse ${SEGMENT_LIMIT} or more`,
    );
  }
  const parts = [header(message, segments)];
  for (const segment of segments) addParts(segment, parts);
  return parts;
}

/** Options of {@link toZBytes}; `ownership` is about the memory of the message, `retain` unless given. */
export interface ToZBytesOptions extends FromSegmentsOptions {
  /**
   * Whether to send the packed form, smaller and never without a copy; false unless given. Say so in the encoding:
   * `capnpEncoding(typeId, { packed: true })`.
   */
  readonly packed?: boolean;
}

/**
 * A payload made of {@link toSegments}. With `ownership: 'retain'` no byte is copied: leave the message as it is until
 * the payload's `released`. `'transfer'` leaves the message without memory, and `'copy'` leaves it free at once.
 *
 * With `packed` the payload is one segment in new memory, written now and counted as `convert`. The message is left as it
 * is, and free at once, whatever `ownership` says.
 *
 * @throws {CapnpPayloadError} `CAPNP_LIMIT`, `CAPNP_INVALID`, as {@link toSegments}.
 * @throws {SegmentError} as `ZBytes.fromSegments`; a received message can't be transferred, its memory is zenoh's.
 */
export function toZBytes(message: Message, options: ToZBytesOptions = {}): ZBytes {
  const segments = toSegments(message);
  return options.packed === true ? packPayload(segments) : ZBytes.fromSegments(segments, options);
}

/** Of any copy of capnp-es: what is asked of a message is what it can do. */
function checkMessage(value: unknown): asserts value is Message {
  if (typeof (value as Message | null | undefined)?.getSegment === 'function') return;
  const kind =
    value === null ? 'null' : typeof value === 'object' ? (value.constructor?.name ?? 'object') : typeof value;
  throw new CapnpPayloadError('CAPNP_INVALID', `a message is a MessageBuilder or a received message, not ${kind}`);
}

function header(message: Message, segments: readonly Segment[]): Uint8Array {
  const length = (4 + 4 * segments.length + 7) & ~7;
  const kept = message instanceof MessageBuilder ? message.headerMemory(length) : undefined;
  const bytes = kept ?? new Uint8Array(length);
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // All of memory that lies before the first segment: empty segments make the table as long.
  const announced = kept === undefined ? segments.length : kept.byteLength / 4 - 1;
  words.setUint32(0, announced - 1, true);
  for (let i = 0; i < announced; i++) words.setUint32(4 + 4 * i, (segments[i]?.byteLength ?? 0) / 8, true);
  return bytes;
}

function addParts(segment: Segment, parts: Uint8Array[]): void {
  const ours: unknown = segment;
  if (ours instanceof BuildSegment) parts.push(...ours.parts());
  else if (ours instanceof ReadSegment) parts.push(...ours.slices(0, ours.byteLength));
  else parts.push(new Uint8Array(segment.buffer, segment.byteOffset, segment.byteLength));
}
