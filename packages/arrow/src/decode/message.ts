// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { MessageHeader, MetadataVersion } from 'apache-arrow';
import { beyond, invalid, truncated, unsupportedFeature } from '../errors.js';
import type { ArrowLimits } from '../limits.js';
import { CONTINUATION, FILE_MAGIC_WORD, PREFIX_BYTES } from '../wire.js';
import { FlatTable } from './flat-table.js';

/** Metadata before format 0.15 has no continuation word. */
const LEGACY_PREFIX_BYTES = 4;

/** What the first bytes of a message say; `undefined` is the end-of-stream marker. */
export interface Prefix {
  readonly bytes: number;
  readonly metadataBytes: number;
}

/**
 * Reads a message's prefix.
 *
 * @param bytes the message's first 8 bytes, or fewer at the end of the source.
 * @throws {ArrowPayloadError} `ARROW_TRUNCATED`, `ARROW_INVALID`, `ARROW_LIMIT`.
 */
export function readPrefix(bytes: Uint8Array, limits: ArrowLimits): Prefix | undefined {
  if (bytes.byteLength < LEGACY_PREFIX_BYTES) throw truncated('a message', PREFIX_BYTES, bytes.byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getInt32(0, true);
  if (first === FILE_MAGIC_WORD) throw invalid('this is an Arrow IPC file, not a stream');
  const legacy = first !== CONTINUATION;
  if (!legacy && bytes.byteLength < PREFIX_BYTES) throw truncated('a message', PREFIX_BYTES, bytes.byteLength);
  const metadataBytes = legacy ? first : view.getInt32(4, true);
  if (metadataBytes === 0) return undefined;
  if (metadataBytes < 0) throw invalid(`a metadata length of ${metadataBytes}`);
  if (legacy && metadataBytes > limits.maxMetadataBytes) refuseOthers(bytes);
  if (metadataBytes > limits.maxMetadataBytes) throw beyond('maxMetadataBytes', metadataBytes, limits.maxMetadataBytes);
  return { bytes: legacy ? LEGACY_PREFIX_BYTES : PREFIX_BYTES, metadataBytes };
}

const PARQUET_MAGIC = 'PAR1';
/** ASCII. */
const TEXT = /^[\t\n\r -~]{4}$/;

/** Says what it is whose first word is no continuation, and too large to be the length of older metadata. */
function refuseOthers(bytes: Uint8Array): void {
  const start = String.fromCharCode(...bytes.subarray(0, LEGACY_PREFIX_BYTES));
  if (start === PARQUET_MAGIC) throw invalid(`it starts with '${start}': a Parquet file, no Arrow data`);
  if (TEXT.test(start)) throw invalid(`it starts with ${JSON.stringify(start)}: text, no Arrow data`);
}

/** A message's metadata (Message.fbs `Message`), as far as all kinds have it in common. */
export interface MessageHead {
  readonly kind: MessageHeader;
  readonly version: MetadataVersion;
  readonly header: FlatTable;
  readonly bodyBytes: number;
  readonly metadata: (limits: ArrowLimits) => Map<string, string>;
}

/**
 * Reads a message's metadata.
 *
 * @throws {ArrowPayloadError} `ARROW_INVALID`, or `ARROW_UNSUPPORTED_FEATURE` for other versions than V4 and V5 and for
 * tensors.
 */
export function readMessage(metadata: Uint8Array): MessageHead {
  const message = FlatTable.root(metadata);
  const version = message.int16(0);
  checkVersion(version);
  const kind: MessageHeader = message.uint8(1);
  const header = message.table(2);
  const bodyBytes = message.int64(3);
  if (kind === MessageHeader.Tensor || kind === MessageHeader.SparseTensor)
    throw unsupportedFeature(MessageHeader[kind]);
  if (header === undefined || kind === MessageHeader.NONE || !(kind in MessageHeader))
    throw invalid(`a message of the unknown kind ${kind}`);
  if (bodyBytes < 0) throw invalid(`a body length of ${bodyBytes}`);
  return {
    kind,
    version,
    header,
    bodyBytes,
    metadata: (limits) => readKeyValues(message, 4, (count) => checkKeyValues(count, limits)),
  };
}

/** @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_FEATURE` */
export function checkVersion(version: number): void {
  if (version === MetadataVersion.V4 || version === MetadataVersion.V5) return;
  throw unsupportedFeature(`metadata version V${version + 1}`);
}

/** @throws {ArrowPayloadError} `ARROW_LIMIT` */
export function checkKeyValues(count: number, { maxKeyValues }: ArrowLimits): void {
  if (count > maxKeyValues) throw beyond('maxKeyValues', count, maxKeyValues);
}

/** A vector of `KeyValue` tables (Schema.fbs), of which `admit` is told the number before they are read. */
export function readKeyValues(table: FlatTable, slot: number, admit: (count: number) => void): Map<string, string> {
  const entries = table.tables(slot, admit);
  return new Map(entries.map((entry) => [entry.string(0) ?? '', entry.string(1) ?? '']));
}
