// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import {
  declareTablePublisher,
  decodeBatches,
  encodeBatch,
  headKey,
  headOf,
  type KeptHeads,
  subscribeTable,
} from '@zenoh-segments/arrow';
import { ReplyError, type Sample, type Session, ZBytes } from '@zenoh-segments/core';
import { type RecordBatch, Table, tableFromIPC } from 'apache-arrow';
import type { Pair } from '../../conformance/case.js';
import { native } from '../../conformance/native.js';
import { withConnectedPair } from '../../conformance/pair.js';
import { first } from '../../support/first.js';
import { matched } from '../../support/matched.js';
import { withSession } from '../../support/sessions.js';
import { joined } from './fixtures.js';
import {
  answering,
  BACKENDS,
  coloured,
  colours,
  column,
  headPayload,
  KEY,
  publisherTo,
  putBare,
  reply,
  rowsFrom,
  schema,
  unmatched,
} from './topics.js';

const REF = { mode: 'schema-ref' } as const;

const publisherOf = (session: Session, key: string, kept?: KeptHeads) =>
  declareTablePublisher(session, key, coloured, { ...REF, heads: kept });

/** What `<key>/@arrow/<which>` answers. */
async function heads(session: Session, key: string, which = '*'): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const reply of await session.get(headKey(key, which))) {
    const result = reply.result();
    if (result instanceof ReplyError) throw new Error(result.payload().toString());
    samples.push(result);
  }
  return samples;
}

describe.each(BACKENDS)('%s', (_, backend) => {
  const over = (name: string, run: (pair: Pair) => Promise<void>) => test(name, () => withConnectedPair(backend, run));

  over('a sample is one batch, and its head, asked for, makes a stream of it', async ({ sender, receiver }) => {
    const subscriber = await receiver.declareSubscriber(KEY);
    const publisher = await publisherTo(sender, KEY, coloured, REF);
    await publisher.put(colours(0, 'red', 'blue', 'red'), { attachment: 'note' });
    for await (const sample of subscriber) {
      expect(sample.encoding().toString()).toBe('application/x-arrow-batch');
      const attachment = sample.attachment()?.toString() as string;
      expect(attachment).toMatch(/^[0-9a-f]{32}note$/);
      const [head] = await heads(receiver, KEY, attachment.slice(0, 32));
      expect(head?.encoding().toString()).toBe('application/vnd.apache.arrow.stream');
      expect(head?.keyexpr().toString()).toBe(`${KEY}/@arrow/${attachment.slice(0, 32)}`);
      const stream = ZBytes.fromSegments([...(head?.payload().segments() ?? []), ...sample.payload().segments()]);
      expect(tableFromIPC(joined(stream)).toArray().map(String)).toEqual(
        ['red', 'blue', 'red'].map((name, n) => `{"n": ${n}, "colour": "${name}"}`),
      );
      expect(column(decodeBatches(stream), 'colour')).toEqual(['red', 'blue', 'red']);
      break;
    }
  });

  over('receivers see the same as in the other mode, dictionaries that change included', async (pair) => {
    const { sender, receiver } = pair;
    // Wildcards do not match `@arrow`, but each sample is asked for by its own key.
    const subscriber = await subscribeTable(receiver, '**', { schema: coloured });
    const publisher = await publisherTo(sender, KEY, coloured, REF);
    await publisher.put(colours(0, 'red', 'blue'), { attachment: 'note' });
    await publisher.put(new Table([colours(2, 'green'), colours(3, 'blue', 'black')]));
    await publisher.put(new Table(coloured, []));
    await publisher.delete();
    await publisher.put({ n: [5], colour: ['white'] });
    // A payload that was made before stands for itself.
    await publisher.put(encodeBatch(colours(6, 'pink')));
    const seen = await first(subscriber, 6, ({ batches, attachment }) => [
      column(batches),
      column(batches, 'colour'),
      attachment?.toString(),
    ]);
    expect(seen).toEqual([
      [[0, 1], ['red', 'blue'], 'note'],
      [[2], ['green'], undefined],
      [[3, 4], ['blue', 'black'], undefined],
      [[], [], undefined],
      [[5], ['white'], undefined],
      [[6], ['pink'], undefined],
    ]);
  });

  over('a late joiner, a key with a wildcard, a publisher that is made again', async ({ sender, receiver }) => {
    for (const [key, options, from] of [
      ['tables/*', REF, 0],
      ['tables/*', REF, 3],
      [KEY, {}, 6],
    ] as const) {
      // Each knows of no batch that was put before.
      const subscriber = await subscribeTable(receiver, 'tables/*');
      const publisher = await publisherTo(sender, key, schema, options);
      await publisher.put(rowsFrom(from));
      expect(await first(subscriber.batches(), 1, (batch) => column([batch]))).toEqual([[from, from + 1, from + 2]]);
      await unmatched(sender, key);
      await publisher.undeclare();
      expect(await heads(receiver, key)).toEqual([]);
    }
  });

  over('several publishers and schemas on one key', async ({ sender, receiver }) => {
    const subscriber = await subscribeTable(receiver, KEY);
    const one = await publisherTo(sender, KEY, schema, REF);
    const two = await publisherTo(sender, KEY, coloured, REF);
    const three = await publisherTo(receiver, KEY, coloured, REF);
    const four = await publisherTo(sender, KEY, coloured);
    for (const n of [0, 10]) {
      await one.put(rowsFrom(n, 1));
      await two.put(colours(n + 1, `two ${n}`));
      await three.put(colours(n + 2, `three ${n}`));
      await four.put(colours(n + 3, `four ${n}`));
    }
    const seen = await first(subscriber, 8, ({ batches }) => [
      ...column(batches),
      ...column(batches, 'name'),
      ...column(batches, 'colour'),
    ]);
    const isLocal = ([n]: readonly unknown[]) => (n as number) % 10 === 2;
    expect(seen.filter(isLocal)).toEqual([
      [2, 'three 0'],
      [12, 'three 10'],
    ]);
    expect(seen.filter((each) => !isLocal(each))).toEqual([
      [0, 'row 0'],
      [1, 'two 0'],
      [3, 'four 0'],
      [10, 'row 10'],
      [11, 'two 10'],
      [13, 'four 10'],
    ]);
  });

  over('heads are fetched once, whatever is lost or comes in another order', async ({ sender, receiver }) => {
    const batches = ['red', 'green', 'blue'].map((name, n) => colours(n, name));
    const asked = await answering(sender, KEY, (query) => {
      const batch = batches.find((each) => query.keyExpr().toString().endsWith(headOf(each).fingerprint));
      return reply(query, headPayload(batch as RecordBatch));
    });
    const subscriber = await subscribeTable(receiver, KEY);
    await matched(sender, KEY);
    // The second is lost, the third comes first, all come again.
    const order = [2, 0, 2, 0, 1, 2, 1];
    for (const n of order) await putBare(sender, KEY, batches[n] as RecordBatch);
    expect(await first(subscriber.batches(), order.length, (batch) => column([batch], 'colour')[0])).toEqual(
      order.map((n) => ['red', 'green', 'blue'][n]),
    );
    expect(asked).toEqual([2, 0, 1].map((n) => headOf(batches[n] as RecordBatch).fingerprint));
  });
});

test('a publisher keeps as many heads as it is told, the latest in any case', async () => {
  await withSession(async (session) => {
    const few = await publisherOf(session, 'few', { maxHeads: 2 });
    const small = await publisherOf(session, 'small', { maxBytes: 1 });
    const many = await publisherOf(session, 'many');
    const batches = Array.from({ length: 40 }, (_, n) => colours(n, `colour ${n}`));
    for (const publisher of [few, small, many]) for (const batch of batches) await publisher.put(batch);
    // What is used again is new again.
    await few.put(batches[38] as RecordBatch);
    await few.put(batches[0] as RecordBatch);
    const kept = async (key: string) =>
      (await heads(session, key)).map((sample) => sample.keyexpr().toString().split('/').at(-1));
    const fingerprints = batches.map((batch) => headOf(batch).fingerprint);
    expect(new Set(await kept('few'))).toEqual(new Set([fingerprints[38], fingerprints[0]]));
    expect(await kept('small')).toEqual([fingerprints[39]]);
    expect(new Set(await kept('many'))).toEqual(new Set(fingerprints.slice(8)));
    expect(await heads(session, 'few', fingerprints[1])).toEqual([]);
  });
});

test('a head is copied once, and counted: the memory of a dictionary may be written to again', async () => {
  await withConnectedPair(native, async ({ sender, receiver }) => {
    const subscriber = await subscribeTable(receiver, KEY);
    const publisher = await publisherTo(sender, KEY, coloured, REF);
    const batch = colours(0, 'red', 'blue');
    for (let i = 0; i < 3; i++) await publisher.put(batch);
    const { byteLength } = headOf(batch);
    expect(publisher.ledger.snapshot().reasons).toEqual({ held: byteLength });
    batch.data.children[1]?.dictionary?.data[0]?.values.fill(0x2a);
    expect(await first(subscriber.batches(), 3, (each) => column([each], 'colour')[0])).toEqual(['red', 'red', 'red']);
  });
});
