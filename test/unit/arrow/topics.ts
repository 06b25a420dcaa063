// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What the tests of table publishers and subscribers share.
import {
  ARROW_BATCH_MEDIA_TYPE,
  declareTablePublisher,
  encodeBatch,
  headKey,
  headOf,
  type TablePublisher,
  type TablePublisherOptions,
} from '@zenoh-segments/arrow';
import {
  CongestionControl,
  type IntoZBytes,
  type Query,
  type Session,
  type SourceInfo,
  ZBytes,
} from '@zenoh-segments/core';
import {
  Dictionary,
  Field,
  Float64,
  Int32,
  type RecordBatch,
  Schema,
  type TypeMap,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { native } from '../../conformance/native.js';
import { embedded, overWebSocket } from '../../conformance/websocket.js';
import { matched } from '../../support/matched.js';
import { until } from '../../support/until.js';
import { batchOf, dataOf } from './fixtures.js';

export const BACKENDS = [
  ['native', native],
  ['websocket', overWebSocket(embedded)],
] as const;

export const RELIABLY = { congestionControl: CongestionControl.BLOCK };
export const KEY = 'tables/a';

export const schema = new Schema([
  new Field('n', new Int32(), true),
  new Field('x', new Float64(), true),
  new Field('name', new Utf8(), true),
]);

/** Rows `from` to `from + rows`, of the schema above. */
export function rowsFrom(from: number, rows = 3): RecordBatch {
  const numbers = Array.from({ length: rows }, (_, row) => from + row);
  return batchOf({
    n: dataOf(numbers, new Int32()),
    x: dataOf(
      numbers.map((n) => n / 2),
      new Float64(),
    ),
    name: dataOf(
      numbers.map((n) => `row ${n}`),
      new Utf8(),
    ),
  });
}

const colour = new Dictionary(new Utf8(), new Int32());
export const coloured = new Schema([new Field('n', new Int32(), true), new Field('colour', colour, true)]);

/** Rows whose colours are given, each with a dictionary of its own. */
export function colours(from: number, ...names: string[]): RecordBatch {
  const numbers = names.map((_, row) => from + row);
  return batchOf({ n: dataOf(numbers, new Int32()), colour: vectorFromArray(names, colour).data[0]! });
}

/** The values of one column of what was received. */
export function column(batches: Iterable<RecordBatch>, name = 'n'): unknown[] {
  return [...batches].flatMap((batch) => [...(batch.getChild(name) ?? [])]);
}

/** A publisher that knows of a subscriber. */
export async function publisherTo<T extends TypeMap>(
  session: Session,
  key: string,
  of: Schema<T>,
  options: TablePublisherOptions = {},
): Promise<TablePublisher<T>> {
  const publisher = await declareTablePublisher(session, key, of, options);
  await matched(session, key);
  return publisher;
}

/** Waits until nobody subscribes to the key. */
export async function unmatched(session: Session, key: string): Promise<void> {
  await using publisher = await session.declarePublisher(key);
  let matching = true;
  await using _ = await publisher.matchingListener({ handler: (status) => (matching = status.matching()) });
  matching = (await publisher.matchingStatus()).matching();
  await until(`nobody subscribes to ${key}`, () => !matching);
}

/** Puts a batch as a publisher in mode `schema-ref` does, without one who answers for its head. */
export async function putBare(
  session: Session,
  key: string,
  batch: RecordBatch,
  fingerprint = headOf(batch).fingerprint,
  sourceInfo?: SourceInfo,
) {
  const payload = encodeBatch(batch, { form: 'bare' });
  const encoding = ARROW_BATCH_MEDIA_TYPE;
  await session.put(key, payload, { ...RELIABLY, encoding, attachment: fingerprint, sourceInfo });
}

export function headPayload(batch: RecordBatch): ZBytes {
  return ZBytes.fromSegments(headOf(batch).segments);
}

/** Answers for the heads of a key as the test says; gives the fingerprints that were asked for. */
export async function answering(
  session: Session,
  key: string,
  answer: (query: Query, count: number) => unknown,
): Promise<string[]> {
  const asked: string[] = [];
  await session.declareQueryable(headKey(key, '*'), {
    handler: (query) => {
      asked.push(query.keyExpr().toString().split('/').at(-1) as string);
      return answer(query, asked.length);
    },
  });
  return asked;
}

/** Answers with these payloads, each on the key that is asked for. */
export async function reply(query: Query, ...payloads: readonly IntoZBytes[]): Promise<void> {
  await using _ = query;
  for (const payload of payloads) await query.reply(query.keyExpr(), payload);
}
