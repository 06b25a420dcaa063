// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import { MessageHeader } from 'apache-arrow';
import { readBatchHead, readDictionaryHead } from '../../decode/batch-head.js';
import { PayloadReader } from '../../decode/payload-reader.js';

/** Whether the values of a payload that stands for itself, or of its dictionaries, are compressed: its metadata say so. */
export function isCompressed(payload: ZBytes): boolean {
  const reader = new PayloadReader(payload, {});
  reader.schema();
  for (let message = reader.next(); message !== undefined; message = reader.next()) {
    const { kind, header } = message.head;
    const { limits } = reader;
    const batch =
      kind === MessageHeader.DictionaryBatch ? readDictionaryHead(header, limits).batch : readBatchHead(header, limits);
    if (batch.codec !== undefined) return true;
  }
  return false;
}
