// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import { MessageHeader, type Schema } from 'apache-arrow';
import { invalid } from '../errors.js';
import { fingerprintOf } from '../fingerprint.js';
import { DictionaryStore } from './dictionary-store.js';
import { PayloadReader, type ReadOptions } from './payload-reader.js';
import type { SchemaPlan } from './schema.js';

/**
 * A head that was received and verified: what opens bare payloads, see `decodeBatches`.
 *
 * Its dictionaries are views of the payload it was read from: that must not be disposed while batches are opened or
 * read with it.
 */
export class OpenHead {
  readonly schema: Schema;
  /** 32 lower-case hexadecimal digits: the first 16 bytes of SHA-256 over all bytes of the payload. */
  readonly fingerprint: string;
  /** @internal */
  readonly plan: SchemaPlan;
  /** @internal Never added to: batches opened with one head share its dictionaries. */
  readonly dictionaries: DictionaryStore;

  /** @internal Use {@link openHead}. */
  constructor(plan: SchemaPlan, dictionaries: DictionaryStore, fingerprint: string) {
    this.plan = plan;
    this.schema = plan.schema;
    this.dictionaries = dictionaries;
    this.fingerprint = fingerprint;
  }
}

/**
 * Opens a head: a payload of a schema message and dictionary messages, deltas among them, and nothing else but an
 * end-of-stream marker.
 *
 * @param options as for `decodeBatches`. Batches opened with the head are checked under their own options.
 * @throws {ArrowPayloadError} as `decodeBatches`; `ARROW_INVALID` also when the payload holds a batch, or anything after
 * the end.
 * @throws {CoreError} `PAYLOAD_DISPOSED`.
 */
export function openHead(payload: ZBytes, options: ReadOptions = {}): OpenHead {
  return openHeadOf(payload, fingerprintOf(payload.segments()), options);
}

/** Opens a head whose fingerprint was taken before. @throws as {@link openHead} */
export function openHeadOf(payload: ZBytes, fingerprint: string, options: ReadOptions): OpenHead {
  const dictionaries = new DictionaryStore();
  const reader = new PayloadReader(payload, options, dictionaries);
  const plan = reader.schema();
  for (let message = reader.next(); message !== undefined; message = reader.next()) {
    const { kind } = message.head;
    if (kind !== MessageHeader.DictionaryBatch) throw invalid(`a head with a ${MessageHeader[kind]} message in it`);
    reader.addDictionary(plan, message);
  }
  reader.settle();
  if (reader.left > 0) throw invalid(`${reader.left} bytes after the end of a head`);
  return new OpenHead(plan, dictionaries, fingerprint);
}
