// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { MessageFields } from './backend.js';
import { Encoding, type IntoEncoding } from './encoding.js';
import { check, checkOptions } from './qos.js';
import type { SourceInfo } from './source-info.js';
import type { Timestamp } from './timestamp.js';
import { TimestampInstrumentation } from './timestamp-stack.js';
import { type IntoZBytes, ZBytes } from './zbytes/zbytes.js';

/** Options of a put, besides quality of service. */
export interface MessageOptions {
  /** The publisher's, or `zenoh/bytes`, unless given. */
  encoding?: IntoEncoding | undefined;
  /** Travels with the message; retained as a payload is. */
  attachment?: IntoZBytes | undefined;
  timestamp?: Timestamp | undefined;
  /** Who sends, and the number of the message there; none unless given. */
  sourceInfo?: SourceInfo | undefined;
  /** Where on its way the time is to be noted; nowhere unless given. Read as `Sample.timestampStack`. */
  timestampInstrumentation?: TimestampInstrumentation | undefined;
}

/** Of a message without options: this very object. */
export const NO_FIELDS: MessageFields = {
  attachment: undefined,
  encoding: undefined,
  timestamp: undefined,
  sourceInfo: undefined,
  instrumentation: 0,
};

export function messageFields(options: MessageOptions | undefined): MessageFields {
  if (options === undefined) return NO_FIELDS;
  checkOptions(options);
  const { attachment, encoding, timestamp, sourceInfo, timestampInstrumentation } = options;
  return {
    attachment: attachment === undefined ? undefined : payloadOf(attachment),
    encoding: encoding === undefined ? undefined : encodingText(encoding),
    timestamp: timestamp?.toString(),
    sourceInfo: sourceInfo?.toString(),
    instrumentation: TimestampInstrumentation.pointsOf(timestampInstrumentation),
  };
}

export function encodingText(encoding: IntoEncoding): string {
  check(
    typeof encoding === 'string' || encoding instanceof String || encoding instanceof Encoding,
    'encoding',
    encoding,
  );
  return Encoding.from(encoding).toString();
}

/** The payload itself, not a second one over it: its ledger and its `released` are the caller's. */
export function payloadOf(bytes: IntoZBytes): ZBytes {
  check(bytes !== undefined, 'payload', bytes);
  return bytes instanceof ZBytes ? bytes : new ZBytes(bytes);
}
