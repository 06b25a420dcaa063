// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { MessageHeader, MetadataVersion } from 'apache-arrow';
import { padded, writePrefix } from '../wire.js';
import type { EncodedBody } from './encoded-body.js';
import { encodeKeyValues, keyValueBytes, writeKeyValues } from './key-values.js';

/** What the metadata of a record or dictionary batch says. */
export interface BatchDescription {
  readonly rows: number;
  readonly body: EncodedBody;
  /** Of a whole dictionary, never a delta; a record batch has none. */
  readonly dictionary?: number;
  readonly metadata?: ReadonlyMap<string, string>;
}

/** The place of a field that has its default; set where it turns out to be there. */
const ABSENT = 0;

// Tables as they are placed here: first the vtable (its bytes, the table's bytes, where each field is), then the table,
// at a multiple of 8. A reference is how far ahead its target is; a table's first word how far back its vtable is.
const MESSAGE = [14, 24, 16, 18, 4, 8, ABSENT];
const DICTIONARY = [10, 16, 8, 4, ABSENT];
const BATCH = [14, 28, 8, 4, 16, ABSENT, ABSENT];
const COMPRESSION = [8, 8, 4, 5];

/**
 * The message before the body of a batch (Message.fbs): prefix, `Message`, and padding to 64 bytes, so that the body
 * starts aligned.
 *
 * Written here rather than by a FlatBuffers builder, which takes longer than all else about a small batch.
 */
export function batchMessage({ rows, body, dictionary, metadata }: BatchDescription): Uint8Array {
  const { nodes, regions, variadicCounts = [], codec } = body;
  const keyValues = metadata === undefined || metadata.size === 0 ? [] : encodeKeyValues(metadata);
  const batch = dictionary === undefined ? 56 : 88;
  const nodesAt = batch + 44;
  const regionsAt = nodesAt + 8 + 16 * nodes.length;
  const variadicAt = regionsAt + 8 + 16 * regions.length;
  const compressionAt = variadicCounts.length === 0 ? variadicAt - 4 : variadicAt + 4 + 8 * variadicCounts.length;
  const metadataAt = codec === undefined ? compressionAt : compressionAt + 16;
  const bytes = new Uint8Array(padded(metadataAt + keyValueBytes(keyValues)));
  writePrefix(bytes, bytes.byteLength);
  const view = new DataView(bytes.buffer);

  view.setUint32(8, 32 - 8, true);
  writeTable(view, 12, 32, MESSAGE);
  refer(view, 32 + 4, dictionary === undefined ? batch + 16 : 72);
  writeInt64(view, 32 + 8, body.byteLength);
  view.setInt16(32 + 16, MetadataVersion.V5, true);
  view.setUint8(32 + 18, dictionary === undefined ? MessageHeader.RecordBatch : MessageHeader.DictionaryBatch);
  if (dictionary !== undefined) {
    writeTable(view, 56, 72, DICTIONARY);
    refer(view, 72 + 4, batch + 16);
    writeInt64(view, 72 + 8, dictionary);
  }

  writeTable(view, batch, batch + 16, BATCH);
  writeInt64(view, batch + 24, rows);
  refer(view, batch + 16 + 4, nodesAt);
  refer(view, batch + 16 + 16, regionsAt);
  view.setUint32(nodesAt, nodes.length, true);
  nodes.forEach(({ length, nullCount }, index) => {
    writeInt64(view, nodesAt + 4 + 16 * index, length);
    writeInt64(view, nodesAt + 12 + 16 * index, nullCount);
  });
  view.setUint32(regionsAt, regions.length, true);
  regions.forEach(({ offset, length }, index) => {
    writeInt64(view, regionsAt + 4 + 16 * index, offset);
    writeInt64(view, regionsAt + 12 + 16 * index, length);
  });
  if (variadicCounts.length > 0) {
    view.setUint16(batch + 12, 24, true);
    refer(view, batch + 16 + 24, variadicAt);
    view.setUint32(variadicAt, variadicCounts.length, true);
    variadicCounts.forEach((count, index) => {
      writeInt64(view, variadicAt + 4 + 8 * index, count);
    });
  }
  if (codec !== undefined) {
    view.setUint16(batch + 10, 20, true);
    refer(view, batch + 16 + 20, compressionAt + 8);
    writeTable(view, compressionAt, compressionAt + 8, COMPRESSION);
    view.setUint8(compressionAt + 12, codec.id);
  }
  if (keyValues.length > 0) {
    view.setUint16(12 + 12, 20, true);
    refer(view, 32 + 20, metadataAt);
    writeKeyValues(bytes, view, metadataAt, keyValues);
  }
  return bytes;
}

/** Writes the vtable, and the table's reference to it; its fields stay 0. */
function writeTable(view: DataView, vtable: number, table: number, words: readonly number[]): void {
  for (let i = 0; i < words.length; i++) view.setUint16(vtable + 2 * i, words[i] as number, true);
  view.setInt32(table, table - vtable, true);
}

function refer(view: DataView, at: number, target: number): void {
  view.setUint32(at, target - at, true);
}

function writeInt64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true);
  view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
}
