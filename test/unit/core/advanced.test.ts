// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import {
  type AdvancedPublisher,
  type AdvancedSubscriber,
  type AdvancedSubscriberOptions,
  type Config,
  CongestionControl,
  FifoChannel,
  type Miss,
  type Query,
  type Sample,
  Session,
  ShmProvider,
  Timestamp,
  type ZBytes,
} from '@zenoh-segments/core';
import { rawAddon } from '../../support/addon.js';
import { matched } from '../../support/matched.js';
import { connecting, freePort, isolated, listening, withPair, withSession } from '../../support/sessions.js';
import { until } from '../../support/until.js';

const KEY = 'unit/advanced';
const text = (sample: Sample) => sample.payload().toString();
const BLOCK = CongestionControl.BLOCK;

/** More than the filter below lets pass. */
const LOST = 'x'.repeat(101);

/** Drops every put of more than 100 bytes that arrives, and nothing else: a real loss, at a place the test chooses. */
function lossy(config: Config): Config {
  const filter = { flows: ['ingress'], messages: ['put'], key_exprs: [KEY], size_limit: 100 };
  config.insertJson5('low_pass_filter', JSON.stringify([filter]));
  return config;
}

interface Ends {
  readonly sender: Session;
  readonly publisher: AdvancedPublisher;
  readonly subscriber: AdvancedSubscriber;
  readonly samples: Sample[];
  readonly misses: Miss[];
}

/** A sender, and a subscriber of another session that loses what is larger than 100 bytes. */
async function withLoss(
  options: AdvancedSubscriberOptions,
  cached: number,
  heartbeat: number | undefined,
  run: (ends: Ends) => Promise<void>,
): Promise<void> {
  const port = await freePort();
  await using sender = await Session.open(listening(port));
  await using receiver = await Session.open(lossy(connecting(port)));
  const [samples, misses]: [Sample[], Miss[]] = [[], []];
  const subscriber = await receiver.declareAdvancedSubscriber(KEY, {
    ...options,
    handler: (each) => samples.push(each),
  });
  await subscriber.sampleMissListener((miss) => misses.push(miss));
  const publisher = await sender.declareAdvancedPublisher(KEY, {
    cache: { maxSamples: cached },
    sampleMissDetection: { heartbeat },
    congestionControl: BLOCK,
  });
  await matched(sender, KEY);
  await publisher.put('first');
  await until('the first sample came', () => samples.length === 1);
  await run({ sender, publisher, subscriber, samples, misses });
}

describe('samples that get lost on the way', () => {
  test('a gap is told: whose, and how many', () =>
    withLoss({}, 10, undefined, async ({ publisher, sender, samples, misses }) => {
      await publisher.put(LOST);
      await publisher.put(LOST);
      await publisher.put('last');
      await until('the last sample came', () => samples.length === 2);
      await until('the miss is told', () => misses.length === 1);
      expect(samples.map(text)).toEqual(['first', 'last']);
      expect(misses[0]?.nb()).toBe(2);
      expect(misses[0]?.source().zid.toString()).toBe(sender.zid().toString());
      expect(misses[0]?.source().eid).toBeGreaterThan(0);
    }));

  test('recovery brings them from the cache, in order, and there is no miss', () =>
    withLoss({ recovery: {} }, 10, undefined, async ({ publisher, samples, misses }) => {
      await publisher.put(`${LOST}1`);
      await publisher.put(`${LOST}2`);
      await publisher.put('last');
      await until('all came', () => samples.length === 4);
      expect(samples.map(text)).toEqual(['first', `${LOST}1`, `${LOST}2`, 'last']);
      expect(misses).toEqual([]);
    }));

  test('what the cache no longer holds is a miss', () =>
    withLoss({ recovery: {} }, 2, undefined, async ({ publisher, samples, misses }) => {
      await publisher.put(`${LOST}1`);
      await publisher.put(`${LOST}2`);
      await publisher.put('last');
      await until('the rest came', () => samples.length === 3);
      await until('the miss is told', () => misses.length === 1);
      expect(samples.map(text)).toEqual(['first', `${LOST}2`, 'last']);
      expect(misses.map((miss) => miss.nb())).toEqual([1]);
    }));

  test.each([
    ['a heartbeat', { heartbeat: true }, 20],
    ['periodic queries', { periodicQueries: 20 }, undefined],
  ])('the last one is recovered by %s', (_, recovery, heartbeat) =>
    withLoss({ recovery }, 10, heartbeat, async ({ publisher, samples, misses }) => {
      await publisher.put(LOST);
      await until('the last sample came', () => samples.length === 2);
      expect(samples.map(text)).toEqual(['first', LOST]);
      expect(misses).toEqual([]);
    }),
  );

  test('a listener that ended hears nothing; the others do', () =>
    withLoss({}, 1, undefined, async ({ publisher, subscriber, misses }) => {
      const late: Miss[] = [];
      const listener = await subscriber.sampleMissListener((miss) => late.push(miss));
      await publisher.put(LOST);
      await publisher.put('again');
      await until('both hear', () => misses.length === 1 && late.length === 1);
      await listener.undeclare();
      await publisher.put(LOST);
      await publisher.put('again');
      await until('one hears', () => misses.length === 2);
      expect(late).toHaveLength(1);
    }));
});

test('a publisher that is detected late is asked for its history', async () => {
  const port = await freePort();
  const config = connecting(port);
  config.insertJson5('connect/retry', '{ period_init_ms: 300, period_max_ms: 300 }');
  await using sender = await Session.open(config);
  const publisher = await sender.declareAdvancedPublisher(KEY, {
    cache: { maxSamples: 5 },
    sampleMissDetection: {},
    publisherDetection: true,
  });
  for (const each of ['1', '2', '3']) await publisher.put(each);
  // Subscribed before there is a link: nobody answers what it asks first.
  await using receiver = await Session.open(listening(port));
  const samples: Sample[] = [];
  await receiver.declareAdvancedSubscriber(KEY, {
    history: { detectLatePublishers: true },
    handler: (sample) => samples.push(sample),
  });
  await until('the history came', () => samples.length >= 3);
  expect(samples.map(text)).toEqual(['1', '2', '3']);
});

test('samples told apart by time, where the config has a clock: maxAge leaves out the old', async () => {
  const config = isolated();
  config.insertJson5('timestamping/enabled', 'true');
  await using session = await Session.open(config);
  const publisher = await session.declareAdvancedPublisher(KEY, { cache: { maxSamples: 5 } });
  const anHourAgo = BigInt(Math.floor(Date.now() / 1000) - 3600) << 32n;
  await publisher.put('old', { timestamp: new Timestamp(session.zid(), anHourAgo) });
  await publisher.put('new');
  const heard = async (history: object) => {
    const samples: Sample[] = [];
    await session.declareAdvancedSubscriber(KEY, { history, handler: (sample) => samples.push(sample) });
    await until('the history came', () => samples.some((sample) => text(sample) === 'new'));
    return samples.map(text);
  };
  expect(await heard({})).toEqual(['old', 'new']);
  expect(await heard({ maxAge: 600_000 })).toEqual(['new']);
});

describe('samples that the subscriber keeps back', () => {
  /** A session with a subscriber whose history query is not answered until `finish`: its samples are kept back meanwhile. */
  async function keptBack(
    session: Session,
    maxSamples: number,
    options: AdvancedSubscriberOptions,
  ): Promise<{ samples: Sample[]; subscriber: AdvancedSubscriber; publisher: AdvancedPublisher; finish: () => void }> {
    const queries: Query[] = [];
    await session.declareQueryable(`${KEY}/@adv/**`, { handler: (query) => queries.push(query) });
    const samples: Sample[] = [];
    const handler = options.handler ?? ((sample: Sample) => samples.push(sample));
    const subscriber = await session.declareAdvancedSubscriber(KEY, { ...options, history: { maxSamples }, handler });
    await until('the history is asked for', () => queries.length === 1);
    const publisher = await session.declareAdvancedPublisher(KEY, { sampleMissDetection: {} });
    return { samples, subscriber, publisher, finish: () => queries[0]?.finalize() };
  }

  test('a put that sets earlier ones free delivers each with its own bytes', () =>
    withSession(async (session) => {
      const { samples, publisher } = await keptBack(session, 2, {});
      const buffer = Buffer.from('first');
      await publisher.put(buffer, { attachment: Uint8Array.of(1) });
      expect(publisher.ledger.copiedFor('held')).toBe(6);
      buffer.fill('-');
      await publisher.put('second');
      await until('both came', () => samples.length === 2);
      expect(samples.map(text)).toEqual(['first', 'second']);
      expect(samples.map((sample) => sample.attachment()?.toBytes())).toEqual([Uint8Array.of(1), undefined]);
      // The one that was delivered inside its own put needed no copy.
      expect(publisher.ledger.copiedFor('held')).toBe(6);
      expect(rawAddon.counters().liveBorrowed).toBe(0);
    }));

  test('set free on the JavaScript thread into a full channel: counted, not waited for', () =>
    withSession(async (session) => {
      const channel = new FifoChannel<Sample>(1);
      const { subscriber, publisher, finish } = await keptBack(session, 10, { handler: channel });
      for (const each of ['1', '2', '3']) await publisher.put(each);
      finish();
      const { received, queued, dropped } = subscriber.stats();
      expect({ received, queued, dropped: dropped.deadlock }).toEqual({ received: 3, queued: 1, dropped: 2 });
    }));
});

describe('a full channel that makes zenoh wait', () => {
  test('a declaration whose history is larger than its channel ends, and nothing is lost', () =>
    withPair(async (sender, receiver) => {
      for (const session of [sender, receiver]) {
        const publisher = await sender.declareAdvancedPublisher(KEY, {
          cache: { maxSamples: 50 },
          sampleMissDetection: {},
          publisherDetection: true,
        });
        for (let i = 0; i < 50; i++) await publisher.put(`${i}`);
        const subscriber = await session.declareAdvancedSubscriber(KEY, {
          handler: new FifoChannel<Sample>(1),
          history: { detectLatePublishers: true },
          recovery: { heartbeat: true },
          subscriberDetection: true,
        });
        const seen: string[] = [];
        for await (const sample of subscriber) {
          seen.push(text(sample));
          if (seen.length === 50) break;
        }
        expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
        await publisher.undeclare();
      }
    }));

  test('a local put while a remote sample waits for room does not wait for itself', () =>
    withPair(async (sender, receiver) => {
      const subscriber = await receiver.declareAdvancedSubscriber(KEY, { handler: new FifoChannel<Sample>(1) });
      const publisher = await sender.declareAdvancedPublisher(KEY, {
        sampleMissDetection: {},
        congestionControl: BLOCK,
      });
      await matched(sender, KEY);
      for (let i = 0; i < 20; i++) await publisher.put(`remote ${i}`);
      await until('the channel is full', () => subscriber.stats().queued >= 1 && subscriber.stats().received > 1);
      receiver.putSync(KEY, 'local');
      const seen: string[] = [];
      for await (const sample of subscriber) {
        if (text(sample).startsWith('remote')) seen.push(text(sample));
        if (seen.length === 20) break;
      }
      expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => `remote ${i}`));
      const { dropped } = subscriber.stats();
      expect(dropped).toMatchObject({ oldest: 0, newest: 0 });
    }));
});

describe('what the cache keeps by reference', () => {
  const KEPT = { cache: { maxSamples: 1 }, sampleMissDetection: {} };

  async function history(session: Session): Promise<Sample> {
    const samples: Sample[] = [];
    await using _ = await session.declareAdvancedSubscriber(KEY, {
      history: {},
      handler: (each) => samples.push(each),
    });
    await until('the history came', () => samples.length === 1);
    return samples[0] as Sample;
  }

  test('a chunk of shared memory, until a later put pushes it out', () =>
    withSession(async (session) => {
      const size = 1024 * 1024;
      const pool = new ShmProvider({ size: size * 1.5 });
      const publisher = await session.declareAdvancedPublisher(KEY, KEPT);
      {
        using chunk = pool.alloc(size);
        chunk.bytes.fill(7);
        await publisher.put(chunk.bytes);
      }
      publisher.ledger.assertZeroCopy();
      expect(() => pool.alloc(size)).toThrow(expect.objectContaining({ code: 'SHM_EXHAUSTED' }));
      {
        using sample = await history(session);
        expect(sample.isShm()).toBe(true);
        expect(Buffer.from(sample.payload().toBytes()).equals(Buffer.alloc(size, 7))).toBe(true);
      }
      await publisher.put('next');
      using again = pool.alloc(size);
      expect(again.bytes).toHaveLength(size);
    }));

  test('a received payload, also after its receiver disposed of it', () =>
    withPair(async (sender, receiver) => {
      const received: Sample[] = [];
      await receiver.declareSubscriber('unit/source', { handler: (sample) => received.push(sample) });
      await matched(sender, 'unit/source');
      await sender.put('unit/source', Buffer.alloc(200_000, 5), { congestionControl: BLOCK });
      await until('the source came', () => received.length === 1);
      const publisher = await receiver.declareAdvancedPublisher(KEY, KEPT);
      const payload = received[0]?.payload() as ZBytes;
      await publisher.put(payload);
      payload.assertZeroCopy();
      payload[Symbol.dispose]();
      const sample = await history(receiver);
      expect(Buffer.from(sample.payload().toBytes()).equals(Buffer.alloc(200_000, 5))).toBe(true);
    }));
});

test('a heartbeat ends with its publisher', async () => {
  const port = await freePort();
  await using watcher = await Session.open(listening(port));
  const beats: string[] = [];
  await watcher.declareSubscriber(`${KEY}/@adv/**`, { handler: (sample) => beats.push(sample.keyexpr().toString()) });
  await using sender = await Session.open(connecting(port));
  const options = { sampleMissDetection: { heartbeat: 5 } };
  const ending = await sender.declareAdvancedPublisher(KEY, options);
  const staying = await sender.declareAdvancedPublisher(KEY, options);
  for (const publisher of [ending, staying]) await publisher.put('x');
  const sources = () => new Set(beats);
  await until('both beat', () => sources().size === 2);
  await ending.undeclare();
  beats.length = 0;
  // What was on its way is over by the third beat of the other.
  await until('the other beats on', () => beats.length >= 3);
  beats.length = 0;
  await until('the other beats on', () => beats.length >= 5);
  expect(sources().size).toBe(1);
});
