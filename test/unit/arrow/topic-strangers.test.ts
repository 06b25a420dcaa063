// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Strangers name heads that nobody has; what others publish must come all the same.
import { describe, expect, test } from '@jest/globals';
import { headOf, type SubscribeTableOptions, subscribeTable } from '@zenoh-segments/arrow';
import { EntityGlobalId, type Session, SourceInfo, ZenohId } from '@zenoh-segments/core';
import type { TypeMap } from 'apache-arrow';
import { native } from '../../conformance/native.js';
import { withConnectedPair } from '../../conformance/pair.js';
import { matched } from '../../support/matched.js';
import { patience, until } from '../../support/until.js';
import {
  answering,
  colours,
  column,
  headPayload,
  KEY,
  publisherTo,
  putBare,
  reply,
  rowsFrom,
  schema,
} from './topics.js';

const BATCH = colours(0, 'red');
/** Nothing here comes because a head was given up at last. */
const PATIENT = { timeout: patience.limit * 2 };

const unknown = (n: number) => n.toString(16).padStart(32, '0');

const sourceOf = (zid: string) => new SourceInfo(new EntityGlobalId(ZenohId.fromString(zid), 1), 0);

const over = (name: string, run: (sender: Session, receiver: Session) => Promise<void>) =>
  test(name, () => withConnectedPair(native, ({ sender, receiver }) => run(sender, receiver)));

/** Reads beside the test: the first number of each batch, and the code of each error. */
async function reading(session: Session, options: SubscribeTableOptions<TypeMap>['heads'] = {}): Promise<unknown[]> {
  const seen: unknown[] = [];
  const subscriber = await subscribeTable(session, '**', {
    onError: ({ code }) => seen.push(code),
    heads: { ...PATIENT, ...options },
  });
  void (async () => {
    for await (const batch of subscriber.batches()) seen.push(column([batch])[0]);
  })();
  return seen;
}

over('what has its own head overtakes heads that do not come', async (sender, receiver) => {
  const seen = await reading(receiver);
  const plain = await publisherTo(sender, KEY, schema);
  for (let n = 1; n <= 100; n++) {
    await putBare(sender, KEY, BATCH, unknown(n));
    await plain.put(rowsFrom(n));
    await until(`the sample ${n} came`, () => seen.includes(n));
  }
});

over('so does what has another head of the same key', async (sender, receiver) => {
  await answering(sender, KEY, (query) =>
    query.keyExpr().toString().endsWith(headOf(BATCH).fingerprint) ? reply(query, headPayload(BATCH)) : reply(query),
  );
  const seen = await reading(receiver);
  await matched(sender, KEY);
  for (let n = 1; n <= 20; n++) await putBare(sender, KEY, BATCH, unknown(n));
  await putBare(sender, KEY, BATCH);
  await until('the sample came', () => seen.includes(0));
});

over('heads of other keys leave room to ask for those of one', async (sender, receiver) => {
  await answering(sender, KEY, (query) => reply(query, headPayload(BATCH)));
  const seen = await reading(receiver);
  await matched(sender, KEY);
  for (let n = 1; n <= 150; n++) await putBare(sender, `many/${n}`, BATCH, unknown(n));
  await putBare(sender, KEY, BATCH);
  await until('the sample came', () => seen.includes(0));
  expect(seen.filter((each) => each !== 'ARROW_NO_HEAD')).toEqual([0]);
});

over(
  'more unknown heads than may wait, in one branch of keys, leave room for those of others',
  async (sender, receiver) => {
    await answering(sender, KEY, (query) => reply(query, headPayload(BATCH)));
    const seen = await reading(receiver);
    await matched(sender, KEY);
    for (let n = 1; n <= 600; n++) await putBare(sender, `many/${n}`, BATCH, unknown(n));
    await putBare(sender, KEY, BATCH);
    await until('the sample came', () => seen.includes(0));
  },
);

over(
  'more unknown heads of one source than may wait leave room for those of others on its key',
  async (sender, receiver) => {
    const { fingerprint } = headOf(BATCH);
    await answering(sender, KEY, (query) =>
      query.keyExpr().toString().endsWith(fingerprint) ? reply(query, headPayload(BATCH)) : reply(query),
    );
    const seen = await reading(receiver);
    await matched(sender, KEY);
    // From when it is overtaken, one source may ask for many at once.
    await putBare(sender, KEY, BATCH, unknown(0), sourceOf('ab'));
    const plain = await publisherTo(sender, KEY, schema);
    await plain.put(rowsFrom(7), { sourceInfo: sourceOf('ab') });
    await until('the first was overtaken', () => seen.includes(7));
    for (let n = 1; n <= 100; n++) await putBare(sender, KEY, BATCH, unknown(n), sourceOf('ab'));
    await putBare(sender, KEY, BATCH, fingerprint, sourceOf('cd'));
    await until('the sample came', () => seen.includes(0));
  },
);

describe('what waits for heads', () => {
  over('makes room for what needs none, and for other keys', async (sender, receiver) => {
    await answering(sender, KEY, (query) => reply(query, headPayload(BATCH)));
    const seen = await reading(receiver, { maxWaiting: 4 });
    const plain = await publisherTo(sender, 'other', schema);
    for (let n = 1; n <= 8; n++) await putBare(sender, 'flood', BATCH, unknown(1));
    await putBare(sender, KEY, BATCH);
    await until('what needs another head came', () => seen.includes(0));
    for (let n = 10; n < 20; n++) await plain.put(rowsFrom(n));
    await until('what needs no head came', () => seen.includes(19));
    expect(seen.filter((each) => typeof each === 'number')).toEqual([
      0,
      ...Array.from({ length: 10 }, (_, n) => n + 10),
    ]);
  });

  over('costs a slow reader nothing of the rest', async (sender, receiver) => {
    const subscriber = await subscribeTable(receiver, '**', { heads: { ...PATIENT, maxWaiting: 2 } });
    const plain = await publisherTo(sender, 'other', schema);
    await putBare(sender, KEY, BATCH, unknown(1));
    for (let n = 0; n < 20; n++) await plain.put(rowsFrom(n));
    const seen: unknown[] = [];
    const errors: unknown[] = [];
    for await (const item of subscriber) {
      try {
        seen.push(column(item.batches)[0]);
      } catch (error) {
        errors.push((error as Error).message);
      }
      if (seen.length === 20) break;
      await new Promise(setImmediate);
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => n));
    // The stranger's own.
    expect(errors.length).toBeLessThanOrEqual(1);
  });

  over('holds back nothing of other sources, where samples name theirs', async (sender, receiver) => {
    const seen: unknown[] = [];
    const heads = { ...PATIENT, holdBack: Number.POSITIVE_INFINITY };
    const subscriber = await subscribeTable(receiver, KEY, { heads });
    void (async () => {
      for await (const batch of subscriber.batches()) seen.push(column([batch])[0]);
    })();
    const plain = await publisherTo(sender, KEY, schema);
    await putBare(sender, KEY, BATCH, unknown(1));
    await plain.put(rowsFrom(7), { sourceInfo: sourceOf('ab') });
    await until('the sample came', () => seen.includes(7));
  });
});
