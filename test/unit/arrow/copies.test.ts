// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { decodeBatches, encodeBatch, ShmTableBuilder } from '@zenoh-segments/arrow';
import { CongestionControl, FifoChannel, heap, Session, type ZBytes } from '@zenoh-segments/core';
import { Field, Float64, Int32, makeData, type RecordBatch, Schema, Utf8, vectorFromArray } from 'apache-arrow';
import { matched } from '../../support/matched.js';
import { connecting, freePort, listening, withSession } from '../../support/sessions.js';
import { batchOf } from './fixtures.js';

const KEY = 'unit/arrow/copies';
const schema = new Schema([
  new Field('d', new Float64()),
  new Field('i', new Int32()),
  new Field('s', new Utf8()),
]) as Schema<{ d: Float64; i: Int32; s: Utf8 }>;

/** The sums of all bytes of texts and of all numbers: nothing of the batch is left unread. */
function sums({ data }: RecordBatch): number[] {
  return data.children.map(({ values, valueOffsets }) => {
    let sum = 0;
    for (const value of values) sum += value;
    if (valueOffsets !== undefined) for (const offset of valueOffsets) sum += offset;
    return sum;
  });
}

function expected(rows: number): number[] {
  const triangle = (rows * (rows - 1)) / 2;
  // 'ab' in each row: its bytes, and the offsets 0, 2, 4 ... 2 * rows.
  return [triangle / 4, triangle, rows * (0x61 + 0x62) + rows * (rows + 1)];
}

/** Puts a payload of so many rows, reads all of it where it arrives, and tells what was copied for that. */
async function put(from: Session, to: Session, payload: ZBytes, rows: number) {
  const subscriber = await to.declareSubscriber(KEY, { handler: new FifoChannel(1) });
  await matched(from, KEY);
  const publisher = await from.declarePublisher(KEY, { congestionControl: CongestionControl.BLOCK });
  await publisher.put(payload);
  for await (const sample of subscriber) {
    expect(sums(decodeBatches(sample.payload())[0] as RecordBatch)).toEqual(expected(rows));
    break;
  }
  return { sent: publisher.ledger.snapshot(), got: subscriber.ledger.snapshot() };
}

test('a retained table that is read by a subscriber of the same session: no byte is copied', () =>
  withSession(async (session) => {
    const rows = 50_000;
    const batch = batchOf({
      d: makeData({ type: new Float64(), data: Float64Array.from({ length: rows }, (_, i) => i / 4) }),
      i: makeData({ type: new Int32(), data: Int32Array.from({ length: rows }, (_, i) => i) }),
      s: vectorFromArray(Array<string>(rows).fill('ab'), new Utf8()).data[0]!,
    });
    const payload = encodeBatch(batch);
    const { sent, got } = await put(session, session, payload, rows);
    const nothing = { carried: payload.length, copied: 0, reasons: {} };
    expect({ sent, got }).toEqual({ sent: nothing, got: nothing });
  }));

describe('over TCP a receiver copies at most each byte once, and says why', () => {
  test.each([10, 1_000, 60_000, 300_000])('%i rows', async (rows) => {
    const port = await freePort();
    const configs = [listening(port), connecting(port)];
    for (const config of configs) config.insertJson5('transport/shared_memory/enabled', 'false');
    await using left = await Session.open(configs[0]!);
    await using right = await Session.open(configs[1]!);
    using builder = new ShmTableBuilder(heap, schema, { rows, utf8Bytes: 2 * rows });
    const { values: doubles } = builder.column('d');
    for (let i = 0; i < rows; i++) doubles[i] = i / 4;
    const { values: integers } = builder.column('i');
    for (let i = 0; i < rows; i++) integers[i] = i;
    for (let i = 0; i < rows; i++) builder.column('s').append('ab');
    const payload = builder.finish(rows);
    const { length } = payload;
    const { sent, got } = await put(left, right, payload, rows);
    expect(sent).toEqual({ carried: length, copied: 0, reasons: {} });
    expect(got.carried).toBe(length);
    expect(got.copied).toBeLessThanOrEqual(length);
    expect(['gather', 'misaligned', 'small']).toEqual(expect.arrayContaining(Object.keys(got.reasons)));
  });
});
