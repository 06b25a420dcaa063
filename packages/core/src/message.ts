// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Done, MessageFields, PutResult } from './backend.js';
import { Encoding, type IntoEncoding } from './encoding.js';
import type { SourceInfo } from './source-info.js';
import type { Timestamp } from './timestamp.js';
import { TimestampInstrumentation } from './timestamp-stack.js';
import type { Ledger } from './zbytes/ledger.js';
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

const NO_FIELDS: MessageFields = {
  attachment: undefined,
  encoding: undefined,
  timestamp: undefined,
  sourceInfo: undefined,
  instrumentation: 0,
};

export function messageFields(options: MessageOptions | undefined): MessageFields {
  if (options === undefined) return NO_FIELDS;
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
  return Encoding.from(encoding).toString();
}

/** The payload itself, not a second one over it: its ledger and its `released` are the caller's. */
export function payloadOf(bytes: IntoZBytes): ZBytes {
  return bytes instanceof ZBytes ? bytes : new ZBytes(bytes);
}

/** Puts a payload through `put`; `ledger`, the publisher's or the session's, sees what is carried and copied. */
export async function send(
  payload: IntoZBytes,
  options: MessageOptions | undefined,
  ledger: Ledger,
  put: (bytes: ZBytes, fields: MessageFields) => Done,
): Promise<PutResult> {
  const sending = prepare(payload, options, ledger);
  const done = put(sending.bytes, sending.fields);
  const result = typeof done === 'string' ? done : await done;
  carried(sending, ledger);
  return result;
}

/** As `send`, for a put that ends in its call. */
export function sendSync(
  payload: IntoZBytes,
  options: MessageOptions | undefined,
  ledger: Ledger,
  put: (bytes: ZBytes, fields: MessageFields) => PutResult,
): PutResult {
  const sending = prepare(payload, options, ledger);
  const result = put(sending.bytes, sending.fields);
  carried(sending, ledger);
  return result;
}

interface Sending {
  readonly bytes: ZBytes;
  /** Taken before the put: the payload may be disposed meanwhile. */
  readonly length: number;
  readonly fields: MessageFields;
}

function prepare(payload: IntoZBytes, options: MessageOptions | undefined, ledger: Ledger): Sending {
  const bytes = payloadOf(payload);
  bytes.ledger.attach(ledger);
  const fields = messageFields(options);
  fields.attachment?.ledger.attach(ledger);
  return { bytes, length: bytes.length, fields };
}

function carried({ bytes, length }: Sending, ledger: Ledger): void {
  bytes.ledger.carryAlone(length);
  ledger.carry(length);
}
