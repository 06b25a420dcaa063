// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { RecordBatch } from 'apache-arrow';
import { fingerprintOf } from '../fingerprint.js';
import { assembleBatch, checkOrigin } from './assemble.js';
import { batchMessage } from './batch-message.js';
import { sameChunks, type UsedDictionary } from './body-assembler.js';
import type { EncodedBody } from './encoded-body.js';
import { PayloadLayout } from './layout.js';
import { schemaHead } from './message.js';

/**
 * What a bare batch leaves out: the schema message and the messages of all dictionaries that the batch uses, as the
 * start of an Arrow IPC stream.
 */
export interface ArrowHead {
  /** In order, views of the dictionaries' own memory among them: write to none, and never transfer them. */
  readonly segments: readonly Uint8Array[];
  readonly byteLength: number;
  /** 32 lower-case hexadecimal digits: the first 16 bytes of SHA-256 over the head's bytes. */
  readonly fingerprint: string;
}

interface KnownHead {
  readonly head: ArrowHead;
  readonly dictionaries: readonly UsedDictionary[];
}

/** Heads of one schema that are remembered, the latest first. */
const MAX_HEADS = 4;

const headsBySchema = new WeakMap<Uint8Array, KnownHead[]>();

/**
 * The head of a batch, for `encodeBatch(batch, { form: 'bare' })`.
 *
 * The very same object comes back as long as the schema and the dictionaries' memory are the same, for the last 4
 * heads of a schema: an unchanged head costs no hashing and no encoding. Dictionaries must not be changed in place.
 *
 * @throws {ArrowPayloadError} as `layoutBatch`.
 */
export function headOf(batch: RecordBatch): ArrowHead {
  checkOrigin(batch.schema);
  const schema = schemaHead(batch.schema);
  const dictionaries = batch.schema.dictionaries.size === 0 ? [] : assembleBatch(batch.schema, batch).dictionaries;
  const heads = headsBySchema.get(schema) ?? [];
  const known = heads.find((each) => sameDictionaries(each.dictionaries, dictionaries));
  if (known !== undefined) return known.head;
  const head = makeHead(schema, dictionaries);
  headsBySchema.set(schema, [{ head, dictionaries }, ...heads].slice(0, MAX_HEADS));
  return head;
}

function makeHead(schema: Uint8Array, dictionaries: readonly UsedDictionary[]): ArrowHead {
  const layout = new PayloadLayout();
  layout.add(schema);
  for (const dictionary of dictionaries) addDictionary(layout, dictionary, dictionary.body);
  const segments = layout.segments();
  return { segments, byteLength: layout.byteLength, fingerprint: fingerprintOf(segments) };
}

/** Adds the message of a whole dictionary and its body, which is `dictionary.body` or that compressed. */
export function addDictionary(layout: PayloadLayout, dictionary: UsedDictionary, body: EncodedBody): void {
  layout.add(batchMessage({ rows: dictionary.length, body, dictionary: dictionary.id }), body);
}

function sameDictionaries(a: readonly UsedDictionary[], b: readonly UsedDictionary[]): boolean {
  return a.length === b.length && a.every((each, index) => sameDictionary(each, b[index] as UsedDictionary));
}

function sameDictionary(a: UsedDictionary, b: UsedDictionary): boolean {
  return a.id === b.id && sameChunks(a.chunks, b.chunks);
}
