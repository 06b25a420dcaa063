// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import {
  ARROW_STREAM_MEDIA_TYPE,
  type ArrowPayloadError,
  declareTablePublisher,
  subscribeTable,
  tableToZBytes,
} from '@zenoh-segments/arrow';
import { CongestionControl, FifoChannel, Priority, RingChannel, type Sample, SampleKind } from '@zenoh-segments/core';
import { Float32, type RecordBatch, Table, vectorFromArray } from 'apache-arrow';
import type { Pair } from '../../conformance/case.js';
import { native } from '../../conformance/native.js';
import { withConnectedPair } from '../../conformance/pair.js';
import { collected } from '../../support/collected.js';
import { first } from '../../support/first.js';
import { matched } from '../../support/matched.js';
import { withSession } from '../../support/sessions.js';
import { until } from '../../support/until.js';
import { batchOf, dataOf, valuesOf } from './fixtures.js';
import { BACKENDS, column, KEY, publisherTo, RELIABLY, rowsFrom, schema, unmatched } from './topics.js';

describe.each(BACKENDS)('%s', (_, backend) => {
  const over = (name: string, run: (pair: Pair) => Promise<void>) => test(name, () => withConnectedPair(backend, run));

  over('batches, tables and columns come as they were put, and leaving the loop undeclares', async (pair) => {
    const { sender, receiver } = pair;
    const subscriber = await subscribeTable(receiver, 'tables/*');
    const publisher = await publisherTo(sender, KEY, schema);
    expect(await publisher.put(rowsFrom(0))).toBe('done');
    await publisher.put(new Table([rowsFrom(3), rowsFrom(6)]));
    await publisher.put({
      n: new Int32Array([9, 10]),
      x: vectorFromArray([4.5, null], schema.fields[1]!.type),
      name: ['row 9', null],
    });
    const seen = await first(subscriber, 3, ({ batches, schema: received, sample }) => ({
      batches: batches.map(valuesOf),
      names: received.fields.map(({ name }) => name),
      key: sample.keyexpr().toString(),
      encoding: sample.encoding().toString(),
      congestion: sample.congestionControl(),
    }));
    const common = {
      names: ['n', 'x', 'name'],
      key: KEY,
      encoding: 'application/vnd.apache.arrow.stream',
      congestion: CongestionControl.BLOCK,
    };
    expect(seen).toEqual([
      { ...common, batches: [valuesOf(rowsFrom(0))] },
      { ...common, batches: [valuesOf(rowsFrom(3)), valuesOf(rowsFrom(6))] },
      {
        ...common,
        batches: [
          [
            [9, 10],
            [4.5, null],
            ['row 9', null],
          ],
        ],
      },
    ]);
    await unmatched(sender, KEY);
  });

  over('options of zenoh go through, and deletions are told apart', async ({ sender, receiver }) => {
    const deleted: SampleKind[] = [];
    const onDelete = (sample: Sample) => deleted.push(sample.kind());
    const subscriber = await subscribeTable(receiver, KEY, { onDelete });
    const publisher = await publisherTo(sender, KEY, schema, { priority: Priority.DATA_HIGH, coalesceBelow: 512 });
    await publisher.delete();
    await publisher.put(rowsFrom(0), { attachment: 'note' });
    const [seen] = await first(subscriber, 1, ({ sample, attachment }) => [sample.priority(), attachment?.toString()]);
    expect(seen).toEqual([Priority.DATA_HIGH, 'note']);
    expect(deleted).toEqual([SampleKind.DELETE]);
    expect(publisher.ledger.copiedFor('coalesce')).toBeGreaterThan(0);
  });

  over('rows, a web stream of batches, and a sink of them', async ({ sender, receiver }) => {
    const [byRow, byStream] = await Promise.all([subscribeTable(receiver, KEY), subscribeTable(receiver, KEY)]);
    const publisher = await publisherTo(sender, KEY, schema);
    const writer = publisher.writable().getWriter();
    for (const from of [0, 3]) await writer.write(rowsFrom(from));
    await writer.close();
    expect(await first(byRow.rows(), 4, (row) => row.toJSON())).toEqual([
      { n: 0, x: 0, name: 'row 0' },
      { n: 1, x: 0.5, name: 'row 1' },
      { n: 2, x: 1, name: 'row 2' },
      { n: 3, x: 1.5, name: 'row 3' },
    ]);
    const batches: RecordBatch[] = [];
    const reader = byStream.readable().getReader();
    for (let i = 0; i < 2; i++) batches.push((await reader.read()).value as RecordBatch);
    expect(column(batches)).toEqual([0, 1, 2, 3, 4, 5]);
    await reader.cancel();
    await unmatched(sender, KEY);
    // Closing the sink left the publisher open.
    expect(await publisher.put(rowsFrom(0))).toBe('done');
  });

  describe('what is no table', () => {
    const bad = [
      ['another format', 'application/json', '{}', 'ARROW_ENCODING'],
      ['garbage', ARROW_STREAM_MEDIA_TYPE, 'garbage!', 'ARROW_INVALID'],
      ['garbage without an encoding', undefined, 'no message', 'ARROW_INVALID'],
      ['nothing', ARROW_STREAM_MEDIA_TYPE, '', 'ARROW_NO_SCHEMA'],
      ['a bare batch of no head', 'application/x-arrow-batch', 'bytes', 'ARROW_INVALID'],
    ] as const;

    over('goes to onError, and the loop goes on', async ({ sender, receiver }) => {
      const told: string[][] = [];
      const onError = ({ code }: ArrowPayloadError, sample: Sample) => told.push([code, sample.payload().toString()]);
      const subscriber = await subscribeTable(receiver, KEY, { onError });
      const publisher = await publisherTo(sender, KEY, schema);
      await publisher.put(rowsFrom(0));
      for (const [, encoding, payload] of bad) await sender.put(KEY, payload, { ...RELIABLY, encoding });
      await publisher.put(rowsFrom(3));
      expect(await first(subscriber.batches(), 2, (batch) => column([batch])[0])).toEqual([0, 3]);
      expect(told).toEqual(bad.map(([, , payload, code]) => [code, payload]));
    });

    over('throws where it is looked at', async ({ sender, receiver }) => {
      const [bySample, byBatch] = await Promise.all([subscribeTable(receiver, KEY), subscribeTable(receiver, KEY)]);
      await matched(sender, KEY);
      await sender.put(KEY, '{}', { ...RELIABLY, encoding: 'application/json' });
      await sender.put(KEY, tableToZBytes(new Table([rowsFrom(0)])), RELIABLY);
      // A loop over samples may catch it and go on; without an encoding a payload is taken at its word.
      const seen = await first(bySample, 2, (item) => {
        try {
          return column(item.batches);
        } catch (error) {
          return (error as Error).message;
        }
      });
      expect(seen).toEqual([
        'a payload of encoding `application/json`, not `application/vnd.apache.arrow.stream` or `application/x-arrow-batch`',
        [0, 1, 2],
      ]);
      await expect(first(byBatch.batches(), 1, () => {})).rejects.toMatchObject({
        name: 'ArrowPayloadError',
        code: 'ARROW_ENCODING',
      });
      await unmatched(sender, KEY);
    });

    over('includes tables of another schema than the subscriber names', async ({ sender, receiver }) => {
      const told: string[] = [];
      const subscriber = await subscribeTable(receiver, KEY, { schema, onError: ({ message }) => told.push(message) });
      await matched(sender, KEY);
      const other = batchOf({ n: dataOf([1], new Float32()) });
      await sender.put(KEY, tableToZBytes(new Table([other])), RELIABLY);
      const publisher = await publisherTo(sender, KEY, schema);
      await publisher.put(rowsFrom(0));
      expect(await first(subscriber, 1, ({ batches }) => column(batches))).toEqual([[0, 1, 2]]);
      expect(told).toEqual(["column 'n': the schema says Int32, the batch has Float32"]);
    });

    over('can cost no more than the limits', async ({ sender, receiver }) => {
      const codes: string[] = [];
      const onError = ({ code }: ArrowPayloadError) => codes.push(code);
      const subscriber = await subscribeTable(receiver, KEY, { limits: { maxRows: 2 }, onError });
      const publisher = await publisherTo(sender, KEY, schema);
      await publisher.put(rowsFrom(0));
      await publisher.put(rowsFrom(3, 2));
      expect(await first(subscriber.batches(), 1, (batch) => batch.numRows)).toEqual([2]);
      expect(codes).toEqual(['ARROW_LIMIT']);
    });
  });

  over('undeclaring, an aborted signal and the session’s end end the loop', async ({ receiver }) => {
    const controller = new AbortController();
    const { signal } = controller;
    const [one, two, three] = await Promise.all([
      subscribeTable(receiver, KEY, { handler: new RingChannel(1) }),
      subscribeTable(receiver, KEY, { handler: new FifoChannel(1), signal }),
      subscribeTable(receiver, KEY),
    ]);
    const loops = [first(one, 1, () => 0), first(two.rows(), 1, () => 0), first(three.readable(), 1, () => 0)] as const;
    await one.undeclare();
    expect(await loops[0]).toEqual([]);
    controller.abort();
    expect(await loops[1]).toEqual([]);
    await expect(subscribeTable(receiver, KEY, { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    await receiver.close();
    expect(await loops[2]).toEqual([]);
    await expect(three.toTable(1)).rejects.toMatchObject({ code: 'RECEIVER_CLOSED' });
  });
});

test('nothing is copied for a subscriber of the same session, and nothing keeps what nobody holds', async () => {
  await withSession(async (session) => {
    const refs: WeakRef<object>[] = [];
    const subscriber = await subscribeTable(session, KEY);
    const publisher = await publisherTo(session, KEY, schema);
    await publisher.put(rowsFrom(0, 10_000));
    await (async () => {
      for await (const item of subscriber) {
        const [batch] = item.batches as [RecordBatch];
        expect(batch.getChild('n')?.get(9_999)).toBe(9_999);
        item.sample.payload().assertZeroCopy();
        refs.push(new WeakRef(item), new WeakRef(batch), new WeakRef(item.sample));
        break;
      }
    })();
    publisher.ledger.assertZeroCopy();
    await collected('what was received', refs);
  });
});

test('batches end with the dispose of their sample', async () => {
  await withConnectedPair(native, async ({ sender, receiver }) => {
    const subscriber = await subscribeTable(receiver, KEY);
    const publisher = await publisherTo(sender, KEY, schema);
    await publisher.put(rowsFrom(0, 10_000));
    for await (const item of subscriber) {
      const values = item.batches[0]?.data.children[0]?.values as Int32Array;
      expect(values.length).toBe(10_000);
      item.dispose();
      item.dispose();
      expect(() => item.batches).toThrow(expect.objectContaining({ code: 'PAYLOAD_DISPOSED' }));
      break;
    }
  });
});

test('what a slow reader leaves is bounded by the channel it chose', async () => {
  await withConnectedPair(native, async ({ sender, receiver }) => {
    const subscriber = await subscribeTable(receiver, KEY, { handler: new RingChannel(2) });
    const publisher = await publisherTo(sender, KEY, schema);
    for (let n = 0; n < 5; n++) await publisher.put(rowsFrom(n, 1));
    await until('all of them came', () => subscriber.subscriber.stats().received === 5);
    expect(await first(subscriber.batches(), 2, (batch) => column([batch])[0])).toEqual([3, 4]);
  });
});

test('options that make no sense are refused', async () => {
  await withSession(async (session) => {
    const refused = [
      [() => declareTablePublisher(session, KEY, schema, { mode: 'bare' as never }), 'bare is not a valid mode'],
      [
        () => declareTablePublisher(session, KEY, schema, { heads: { maxHeads: 0 } }),
        '0 is not a valid `maxHeads` of heads',
      ],
      [() => subscribeTable(session, KEY, { heads: { timeout: -1 } }), '-1 is not a valid `timeout` of heads'],
      [
        () => subscribeTable(session, KEY, { handler: (() => {}) as never }),
        'tables are read from a channel, not by a callback',
      ],
    ] as const;
    for (const [make, message] of refused) {
      await expect(make()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message });
    }
    await expect(declareTablePublisher(session, KEY, {} as never)).rejects.toMatchObject({ code: 'ARROW_INVALID' });
    const [subscriber, publisher] = [
      await subscribeTable(session, KEY),
      await declareTablePublisher(session, KEY, schema),
    ];
    await expect(publisher.put(7 as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    for (const window of [0, {}, { ms: Number.NaN }, { rows: -1, ms: 1 }]) {
      await expect(subscriber.toTable(window)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });
});
