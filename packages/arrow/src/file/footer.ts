// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { FlatTable } from '../decode/flat-table.js';
import { checkVersion } from '../decode/message.js';
import { readSchema, type SchemaPlan } from '../decode/schema.js';
import { beyond, invalid, truncated } from '../errors.js';
import type { ArrowLimits } from '../limits.js';
import { FILE_MAGIC } from '../wire.js';
import { readAt } from './source.js';

/** Footer length and magic, after the footer. */
const TRAILER_BYTES = 4 + FILE_MAGIC.byteLength;
/** Magic, padded to 8, before the first message. */
const HEADER_BYTES = 8;
/** Bytes of a `Block` (File.fbs): offset, metadata length and padding, body length. */
const BLOCK_BYTES = 24;

/** Where a message is in a file. */
export interface Block {
  readonly offset: number;
  /** Prefix and padding included. */
  readonly metadataBytes: number;
  readonly bodyBytes: number;
}

/** What the end of a file says about the rest. */
export interface Footer {
  readonly plan: SchemaPlan;
  readonly dictionaries: readonly Block[];
  readonly batches: readonly Block[];
}

/**
 * Reads the footer of an Arrow IPC file (Columnar.rst "IPC File Format", File.fbs).
 *
 * @throws {ArrowPayloadError} `ARROW_TRUNCATED`, `ARROW_INVALID`, `ARROW_LIMIT`, `ARROW_IO`, and as a schema.
 */
export function readFooter(fd: number, fileBytes: number, limits: ArrowLimits): Footer {
  if (fileBytes < HEADER_BYTES + TRAILER_BYTES) {
    throw truncated('an Arrow IPC file', HEADER_BYTES + TRAILER_BYTES, fileBytes);
  }
  checkMagic(read(fd, 0, FILE_MAGIC.byteLength), 'start');
  const trailer = read(fd, fileBytes - TRAILER_BYTES, TRAILER_BYTES);
  checkMagic(trailer.subarray(4), 'end');
  const footerBytes = new DataView(trailer.buffer).getInt32(0, true);
  const end = fileBytes - TRAILER_BYTES - footerBytes;
  if (footerBytes <= 0 || end < HEADER_BYTES) throw invalid(`a footer length of ${footerBytes}`);
  if (footerBytes > limits.maxMetadataBytes) throw beyond('maxMetadataBytes', footerBytes, limits.maxMetadataBytes);
  const footer = FlatTable.root(read(fd, end, footerBytes));
  const version = footer.int16(0);
  checkVersion(version);
  const schema = footer.table(1);
  if (schema === undefined) throw invalid('a footer without a schema');
  return {
    plan: readSchema(schema, version, limits),
    dictionaries: readBlocks(footer, 2, end, limits),
    batches: readBlocks(footer, 3, end, limits),
  };
}

function readBlocks(footer: FlatTable, slot: number, end: number, limits: ArrowLimits): Block[] {
  const blocks = footer.structs(slot, BLOCK_BYTES);
  return Array.from({ length: blocks.length }, (_, index) => {
    const offset = blocks.int64(index, 0);
    const metadataBytes = blocks.int32(index, 8);
    const bodyBytes = blocks.int64(index, 16);
    const inside = offset >= HEADER_BYTES && metadataBytes > 0 && bodyBytes >= 0;
    if (!inside || offset + metadataBytes + bodyBytes > end) throw invalid('the footer points outside the file');
    if (metadataBytes > limits.maxMetadataBytes)
      throw beyond('maxMetadataBytes', metadataBytes, limits.maxMetadataBytes);
    return { offset, metadataBytes, bodyBytes };
  });
}

function checkMagic(bytes: Uint8Array, where: string): void {
  if (FILE_MAGIC.some((byte, index) => byte !== bytes[index]))
    throw invalid(`no ARROW1 at the ${where}: not an IPC file`);
}

function read(fd: number, position: number, bytes: number): Uint8Array {
  const target = new Uint8Array(bytes);
  const filled = readAt(fd, target, position);
  if (filled < bytes) throw truncated('the file', bytes, filled);
  return target;
}
