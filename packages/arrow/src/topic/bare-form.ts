// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Encoding, type IntoZBytes, KeyExpr, type Sample, SampleKind, ZBytes } from '@zenoh-segments/core';
import { ArrowPayloadError, invalid } from '../errors.js';
import { ARROW_STREAM_MEDIA_TYPE } from '../wire.js';
import { quoted } from './quoted.js';

/**
 * The zenoh encoding of a bare payload: one encapsulated `RecordBatch` message of the Arrow IPC format and nothing else. Its
 * head, schema and dictionaries, is named by the attachment. Without dictionaries this is a message of MCAP's proposed
 * encoding `arrow`.
 */
export const ARROW_BATCH_MEDIA_TYPE = 'application/x-arrow-batch';

/** Characters of a fingerprint, which is hex in lower case. */
const FINGERPRINT_BYTES = 32;
const FINGERPRINT = /^[0-9a-f]{32}$/;
const NOTHING_TOLD = Encoding.default().toString();

/**
 * Where the heads of what is published on `key` are asked for: `<key>/@arrow/<fingerprint>`. The chunk `@arrow` keeps
 * subscribers and queriers of `<key>/**` from meeting it: zenoh's wildcards do not match chunks that start with `@`.
 */
export function headKey(key: KeyExpr | string, fingerprint: string): KeyExpr {
  return new KeyExpr(key).join(`@arrow/${fingerprint}`);
}

/** The attachment of a bare payload: the fingerprint as 32 characters, then what the application attaches itself. */
export function attachmentOf(fingerprint: string, own: IntoZBytes | undefined): ZBytes {
  const rest = own === undefined ? [] : (own instanceof ZBytes ? own : new ZBytes(own)).segments();
  return ZBytes.fromSegments([new TextEncoder().encode(fingerprint), ...rest]);
}

/**
 * The fingerprint of the head that a sample needs; `undefined` when it has its own.
 *
 * A sample that tells nothing (`zenoh/bytes`) is taken for a stream.
 *
 * @throws {ArrowPayloadError} `ARROW_ENCODING`, or `ARROW_INVALID` for a bare payload that names no head
 */
export function fingerprintOf(sample: Sample): string | undefined {
  if (sample.kind() === SampleKind.DELETE) return undefined;
  const encoding = sample.encoding().toString();
  if (encoding === ARROW_STREAM_MEDIA_TYPE || encoding === NOTHING_TOLD) return undefined;
  const mediaType = mediaTypeOf(encoding);
  if (mediaType === ARROW_STREAM_MEDIA_TYPE) return undefined;
  if (mediaType !== ARROW_BATCH_MEDIA_TYPE) {
    const expected = `\`${ARROW_STREAM_MEDIA_TYPE}\` or \`${ARROW_BATCH_MEDIA_TYPE}\``;
    throw new ArrowPayloadError('ARROW_ENCODING', `a payload of encoding ${quoted(encoding)}, not ${expected}`);
  }
  const attachment = sample.attachment();
  if (attachment !== undefined && attachment.length >= FINGERPRINT_BYTES) {
    const text = String.fromCharCode(...attachment.range(0, FINGERPRINT_BYTES));
    if (FINGERPRINT.test(text)) return text;
  }
  throw invalid('a bare batch whose attachment does not start with the fingerprint of its head');
}

/** What the application attached itself. */
export function ownAttachment(sample: Sample): ZBytes | undefined {
  const attachment = sample.attachment();
  if (attachment === undefined || mediaTypeOf(sample.encoding().toString()) !== ARROW_BATCH_MEDIA_TYPE) {
    return attachment;
  }
  const { length } = attachment;
  return length <= FINGERPRINT_BYTES ? undefined : new ZBytes(attachment.range(FINGERPRINT_BYTES, length));
}

function mediaTypeOf(encoding: string): string {
  return encoding.split(';', 1)[0] as string;
}
