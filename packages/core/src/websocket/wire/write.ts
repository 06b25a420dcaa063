// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZBytesSerializer } from '@eclipse-zenoh/zenoh-ts/ext';
import { Encoding } from '../../encoding.js';
import { Timestamp } from '../../timestamp.js';
import { type Ask, NUMBERED } from './message-id.js';

/** Writes the fields of a message. */
export type Fill = (to: ZBytesSerializer) => void;

/** Small fields as the bytes they become; payloads never go through here. */
export function fields(fill: Fill): Uint8Array {
  const to = new ZBytesSerializer();
  fill(to);
  return to.toBytes();
}

/** The start of a message that nobody answers. */
export function head(ask: Ask, fill: Fill = () => {}): Uint8Array {
  return fields((to) => {
    to.serializeNumberUint8(ask);
    fill(to);
  });
}

/** A whole request. */
export function request(ask: Ask, sequence: number, fill: Fill = () => {}): Uint8Array {
  return fields((to) => {
    to.serializeNumberUint8(ask | NUMBERED);
    to.serializeNumberUint32(sequence);
    fill(to);
  });
}

export function writeEncoding(to: ZBytesSerializer, text: string | undefined): void {
  const [id, schema] = (text === undefined ? Encoding.default() : Encoding.fromString(text)).toIdSchema();
  to.serializeNumberUint16(id);
  to.serializeString(schema ?? '');
}

export function writeOptionalEncoding(to: ZBytesSerializer, text: string | undefined): void {
  to.serializeBoolean(text !== undefined);
  if (text !== undefined) writeEncoding(to, text);
}

export function writeOptionalTimestamp(to: ZBytesSerializer, text: string | undefined): void {
  to.serializeBoolean(text !== undefined);
  if (text === undefined) return;
  const timestamp = Timestamp.fromString(text);
  to.serializeBigintUint64(timestamp.getNtp64());
  to.serializeUint8Array(timestamp.getId().toLeBytes());
}

const SHORT = Array.from({ length: 128 }, (_, length) => Uint8Array.of(length));

/** What stands before a sequence of bytes. */
export function sequenceLength(length: number): Uint8Array {
  return SHORT[length] ?? fields((to) => to.writeSequenceLength(length));
}
