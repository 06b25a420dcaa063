// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { alloc } from '@zenoh-segments/core';
import type { Schema } from 'apache-arrow';
import { Message } from 'apache-arrow/ipc/metadata/message';
import { ByteCache } from '../byte-cache.js';
import { checkSchema } from '../types.js';
import { PREFIX_BYTES, padded, writePrefix } from '../wire.js';

const headBySchema = new WeakMap<Schema, Uint8Array>();
const headByBytes = new ByteCache<Uint8Array>();

/**
 * The schema message that starts a stream: the same view for the same Schema object, and, of the heads used lately, for
 * schemas that encode to the same bytes. A Schema must not be changed once it was encoded.
 *
 * @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_TYPE`, naming the type.
 */
export function schemaHead(schema: Schema): Uint8Array {
  const known = headBySchema.get(schema);
  if (known !== undefined) return known;
  checkSchema(schema);
  const encoded = encodeSchema(schema);
  let head = headByBytes.get(encoded);
  if (head === undefined) {
    // Sent with every batch: native memory, so that no put has to copy it.
    head = alloc(encoded.byteLength).bytes;
    head.set(encoded);
    headByBytes.set(head, head);
  }
  headBySchema.set(schema, head);
  return head;
}

/** Prefix, metadata and padding to 64 bytes, so that what follows starts aligned. */
function encodeSchema(schema: Schema): Uint8Array {
  const metadata = Message.encode(Message.from(schema));
  const bytes = new Uint8Array(padded(PREFIX_BYTES + metadata.byteLength));
  writePrefix(bytes, bytes.byteLength);
  bytes.set(metadata, PREFIX_BYTES);
  return bytes;
}
