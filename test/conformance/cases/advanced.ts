// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import {
  type AdvancedPublisher,
  type AdvancedPublisherOptions,
  type AdvancedSubscriberOptions,
  alloc,
  CongestionControl,
  Locality,
  Priority,
  type Sample,
  SampleKind,
  type Session,
  Timestamp,
  ZBytes,
} from '@zenoh-segments/core';
import { until } from '../../support/until.js';
import type { Case, Pair } from '../case.js';
import { expect } from '../expect.js';

/** Numbered samples need no clock: the sessions of a pair have none. */
const KEEPING = (maxSamples: number): AdvancedPublisherOptions => ({ cache: { maxSamples }, sampleMissDetection: {} });

const text = (sample: Sample) => sample.payload().toString();

/**
 * A publisher that keeps numbered samples, and that `receiver` knows of: a query for the history then reaches its cache,
 * which was declared before the token.
 */
async function keeping(
  { sender, receiver }: Pair,
  key: string,
  maxSamples: number,
  options: AdvancedPublisherOptions = {},
): Promise<AdvancedPublisher> {
  let known = 0;
  const tokens = await receiver.liveliness().declareSubscriber(`${key}/@adv/pub/**`, { handler: () => known++ });
  const publisher = await sender.declareAdvancedPublisher(key, {
    ...KEEPING(maxSamples),
    publisherDetection: true,
    ...options,
  });
  await until('the publisher is known', () => known > 0);
  await tokens.undeclare();
  return publisher;
}

/** What an advanced subscriber of `session` receives. */
async function heard(session: Session, key: string, options: AdvancedSubscriberOptions) {
  const samples: Sample[] = [];
  const subscriber = await session.declareAdvancedSubscriber(key, {
    ...options,
    handler: (each) => samples.push(each),
  });
  return { samples, subscriber };
}

/** An event of a token, without the id of the session that it stands for. */
const token = (sample: Sample) => {
  const [, kind, , , ...meta] = sample.keyexpr().toString().split('/').slice(-6);
  return `${SampleKind[sample.kind()]} ${kind} ${meta.join('/')}`;
};

export const advanced: Case[] = [
  {
    name: 'a late subscriber gets what the cache kept, then what comes, in order and once',
    covers: ['+advanced-publisher', '+advanced-subscriber'],
    run: async (pair) => {
      const publisher = await keeping(pair, 'adv/history', 3);
      for (const each of ['1', '2', '3', '4']) await publisher.put(each);
      const { samples } = await heard(pair.receiver, 'adv/history', { history: {} });
      await until('the history came', () => samples.length >= 3);
      await publisher.put('5');
      await until('the next sample came', () => samples.length >= 4);
      expect(samples.map(text)).toEqual(['2', '3', '4', '5']);
    },
  },
  {
    name: 'history is bounded by its maxSamples; without history nothing of before comes',
    covers: ['+advanced-subscriber', '-advanced-subscriber'],
    run: async (pair) => {
      const publisher = await keeping(pair, 'adv/bounded', 10);
      for (const each of ['1', '2', '3', '4']) await publisher.put(each);
      const two = await heard(pair.receiver, 'adv/bounded', { history: { maxSamples: 2 } });
      await until('the history came', () => two.samples.length >= 2);
      const none = await heard(pair.receiver, 'adv/bounded', {});
      await publisher.put('5');
      await until('the next sample came to both', () => none.samples.length >= 1 && two.samples.length >= 3);
      expect(two.samples.map(text)).toEqual(['3', '4', '5']);
      expect(none.samples.map(text)).toEqual(['5']);
    },
  },
  {
    name: 'an advanced publisher does what a publisher does, and its cache keeps every field',
    covers: ['+advanced-publisher'],
    run: async (pair) => {
      const publisher = await keeping(pair, 'adv/fields', 2, {
        encoding: 'text/plain',
        priority: Priority.DATA_HIGH,
        congestionControl: CongestionControl.BLOCK,
      });
      expect(publisher.keyExpr().toString()).toBe('adv/fields');
      expect((await publisher.matchingStatus()).matching()).toBe(false);
      const timestamp = new Timestamp(pair.sender.zid(), 1n);
      await publisher.putSegments([Uint8Array.of(1), Uint8Array.of(2, 3)], { attachment: 'a', timestamp });
      await publisher.delete({ attachment: 'b' });
      const { samples, subscriber } = await heard(pair.receiver, 'adv/**', { history: {} });
      expect(subscriber.keyExpr().toString()).toBe('adv/**');
      await until('the history came', () => samples.length >= 2);
      const [put, deleted] = samples;
      expect(put?.encoding().toString()).toBe('text/plain');
      expect([...(put?.payload().toBytes() ?? [])]).toEqual([1, 2, 3]);
      expect(put?.attachment()?.toString()).toBe('a');
      expect(put?.timestamp()?.toString()).toBe(timestamp.toString());
      // zenoh-ext 1.10.2 keeps a deletion as an empty put.
      expect(SampleKind[deleted?.kind() ?? 9]).toBe('PUT');
      expect(deleted?.payload().length).toBe(0);
      expect(deleted?.attachment()?.toString()).toBe('b');
      expect((await publisher.matchingStatus()).matching()).toBe(true);
      await publisher.delete();
      await until('the live deletion came', () => samples.length >= 3);
      expect(SampleKind[samples[2]?.kind() ?? 9]).toBe('DELETE');
    },
  },
  {
    name: 'the cache keeps a copy of JavaScript memory: counted as held, untouched by later writes',
    covers: ['+advanced-publisher'],
    run: async (pair) => {
      const publisher = await keeping(pair, 'adv/held', 1);
      const parts = [new Uint8Array(5000).fill(1), new Uint8Array(3).fill(2)];
      const note = new Uint8Array(7).fill(3);
      const payload = ZBytes.fromSegments(parts);
      await publisher.put(payload, { attachment: note });
      expect(payload.ledger.snapshot()).toEqual({ carried: 5003, copied: 5010, reasons: { held: 5010 } });
      expect(publisher.ledger.copiedFor('held')).toBe(5010);
      for (const each of [...parts, note]) each.fill(9);
      const { samples } = await heard(pair.receiver, 'adv/held', { history: {} });
      await until('the history came', () => samples.length >= 1);
      expect(Buffer.from(samples[0]?.payload().toBytes() ?? [])).toEqual(
        Buffer.from([...Array(5000).fill(1), 2, 2, 2]),
      );
      expect(samples[0]?.attachment()?.toBytes()).toEqual(new Uint8Array(7).fill(3));
    },
  },
  {
    name: 'the cache keeps native memory by reference, without a copy',
    covers: ['+advanced-publisher', '+segments'],
    run: async (pair) => {
      const publisher = await keeping(pair, 'adv/native', 1);
      const buffer = alloc(10_000);
      buffer.bytes.fill(1);
      const payload = new ZBytes(buffer.bytes);
      await publisher.put(payload);
      payload.assertZeroCopy();
      // By reference: what is written now is what a late subscriber gets. Nobody should; it shows that nothing was copied.
      buffer.bytes.fill(2);
      const { samples } = await heard(pair.receiver, 'adv/native', { history: {} });
      await until('the history came', () => samples.length >= 1);
      expect(Buffer.from(samples[0]?.payload().toBytes() ?? [])).toEqual(Buffer.alloc(10_000, 2));
      publisher.ledger.assertZeroCopy();
    },
  },
  {
    name: 'subscribers of the same session get live samples and history',
    covers: ['+advanced-subscriber'],
    run: async ({ sender }) => {
      const publisher = await sender.declareAdvancedPublisher('adv/local', KEEPING(2));
      await publisher.put('1');
      const { samples } = await heard(sender, 'adv/local', { history: {} });
      await publisher.put('2');
      const remote = await heard(sender, 'adv/local', { allowedOrigin: Locality.REMOTE });
      await publisher.put('3');
      await until('all came', () => samples.length >= 3);
      expect(samples.map(text)).toEqual(['1', '2', '3']);
      expect(remote.samples).toEqual([]);
    },
  },
  {
    name: 'publishers and subscribers are detected, with their metadata, coming and going',
    covers: ['+advanced-publisher', '+advanced-subscriber'],
    run: async ({ sender, receiver }) => {
      const events: string[] = [];
      const watch = (sample: Sample) => events.push(token(sample));
      const { subscriber } = await heard(receiver, 'adv/seen', {
        subscriberDetection: true,
        subscriberDetectionMetadata: 'of/sub',
      });
      await subscriber.detectPublishers(watch);
      const publisher = await sender.declareAdvancedPublisher('adv/seen', {
        sampleMissDetection: {},
        publisherDetection: true,
        publisherDetectionMetadata: 'of/pub',
      });
      await until('the publisher is seen', () => events.length === 1);
      const late: string[] = [];
      await subscriber.detectPublishers((sample) => late.push(token(sample)), { history: true });
      await until('the standing publisher is told', () => late.length === 1);
      await publisher.undeclare();
      await until('its end is seen', () => events.length === 2 && late.length === 2);
      expect(events).toEqual(['PUT pub of/pub', 'DELETE pub of/pub']);
      expect(late).toEqual(events);

      const seen: string[] = [];
      await sender.liveliness().declareSubscriber('adv/seen/@adv/sub/**', {
        history: true,
        handler: (sample) => seen.push(token(sample)),
      });
      await until('the subscriber is seen', () => seen.length === 1);
      await subscriber.undeclare();
      await until('its end is seen', () => seen.length === 2);
      expect(seen).toEqual(['PUT sub of/sub', 'DELETE sub of/sub']);
    },
  },
  {
    name: 'undeclared, a publisher refuses to put, and its cache answers nobody',
    covers: ['-advanced-publisher'],
    run: async (pair) => {
      const publisher = await keeping(pair, 'adv/gone', 1);
      const other = await keeping(pair, 'adv/gone', 1);
      await publisher.put('gone');
      await other.put('here');
      await publisher.undeclare();
      await publisher.undeclare();
      await expect(publisher.put('x')).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
      await expect(publisher.matchingStatus()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
      const { samples } = await heard(pair.receiver, 'adv/gone', { history: {} });
      await until('the history came', () => samples.length >= 1);
      expect(samples.map(text)).toEqual(['here']);
    },
  },
  {
    name: 'undeclared, a subscriber hears no more, and its listeners are refused',
    covers: ['-advanced-subscriber'],
    run: async ({ sender, receiver }) => {
      const { subscriber, samples } = await heard(receiver, 'adv/ended', { recovery: { heartbeat: true } });
      const listener = await subscriber.sampleMissListener(() => samples.length);
      await subscriber.undeclare();
      await listener.undeclare();
      await expect(subscriber.sampleMissListener(() => {})).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
      await expect(subscriber.detectPublishers()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
      const { samples: control } = await heard(receiver, 'adv/ended', {});
      const publisher = await sender.declareAdvancedPublisher('adv/ended', {
        ...KEEPING(1),
        sampleMissDetection: { heartbeat: 5 },
      });
      await until('a living subscriber hears', () => {
        void publisher.put('x');
        return control.length > 0;
      });
      expect(samples).toEqual([]);
    },
  },
  {
    name: 'for await over an advanced subscriber with history',
    covers: ['+advanced-subscriber'],
    run: async (pair) => {
      const publisher = await keeping(pair, 'adv/loop', 3);
      for (const each of ['1', '2', '3']) await publisher.put(each);
      const subscriber = await pair.receiver.declareAdvancedSubscriber('adv/loop', {
        history: { detectLatePublishers: true },
      });
      const seen: string[] = [];
      for await (const sample of subscriber) {
        seen.push(text(sample));
        if (seen.length === 3) break;
      }
      expect(seen).toEqual(['1', '2', '3']);
      expect(subscriber.stats()).toMatchObject({ received: 3, delivered: 3 });
    },
  },
  {
    name: 'wrong options are refused by name',
    covers: ['-advanced-publisher', '-advanced-subscriber'],
    run: async ({ sender }) => {
      const publishers: [AdvancedPublisherOptions, RegExp][] = [
        [{ cache: { maxSamples: 0 } }, /0 is not a valid maxSamples/],
        [{ cache: { maxSamples: 1.5 } }, /1.5 is not a valid maxSamples/],
        [{ cache: { repliesConfig: { priority: 9 as Priority } } }, /9 is not a valid priority/],
        [{ sampleMissDetection: { heartbeat: 0 } }, /0 is not a valid heartbeat/],
        [{ sampleMissDetection: { sporadicHeartbeat: Number.NaN } }, /NaN is not a valid sporadicHeartbeat/],
        [{ sampleMissDetection: { heartbeat: 5, sporadicHeartbeat: 5 } }, /not both/],
      ];
      for (const [options, message] of publishers) {
        const refused = expect(sender.declareAdvancedPublisher('adv/wrong', options)).rejects;
        await refused.toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) });
      }
      const subscribers: [AdvancedSubscriberOptions, RegExp][] = [
        [{ history: { maxSamples: 0 } }, /0 is not a valid maxSamples/],
        [{ history: { maxAge: 0 } }, /0 is not a valid maxAge/],
        [{ recovery: { periodicQueries: -1 } }, /-1 is not a valid periodicQueries/],
        [{ recovery: { retentionPeriod: Number.POSITIVE_INFINITY } }, /Infinity is not a valid retentionPeriod/],
        [{ recovery: { heartbeat: true, periodicQueries: 5 } }, /not both/],
        [{ queryTimeout: 0 }, /0 is not a valid queryTimeout/],
        [{ allowedOrigin: 7 as Locality }, /7 is not a valid allowedOrigin/],
      ];
      for (const [options, message] of subscribers) {
        const refused = expect(sender.declareAdvancedSubscriber('adv/wrong', options)).rejects;
        await refused.toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) });
      }
      for (const declared of [
        sender.declareAdvancedPublisher('adv//wrong'),
        sender.declareAdvancedSubscriber('adv//wrong'),
        sender.declareAdvancedPublisher('adv/wrong', { publisherDetectionMetadata: '/x' }),
        sender.declareAdvancedSubscriber('adv/wrong', { subscriberDetectionMetadata: 'x/' }),
      ]) {
        await expect(declared).rejects.toMatchObject({ code: 'KEY_EXPR_INVALID' });
      }
      const subscriber = await sender.declareAdvancedSubscriber('adv/wrong');
      await expect(subscriber.sampleMissListener(undefined as never)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    },
  },
  {
    name: 'a cache without numbered samples needs a clock, and says so',
    covers: ['-advanced-publisher'],
    run: async ({ sender }) => {
      await expect(sender.declareAdvancedPublisher('adv/clock', { cache: {} })).rejects.toMatchObject({
        code: 'NETWORK',
        message: expect.stringContaining("'timestamping' setting must be enabled"),
      });
    },
  },
  {
    name: 'the session ends what is advanced too, and a closed one declares nothing',
    covers: ['-advanced-publisher', '-advanced-subscriber'],
    run: async ({ sender }) => {
      const publisher = await sender.declareAdvancedPublisher('adv/closed', {
        ...KEEPING(1),
        sampleMissDetection: { heartbeat: 1 },
        publisherDetection: true,
      });
      const subscriber = await sender.declareAdvancedSubscriber('adv/closed', {
        history: { detectLatePublishers: true },
        recovery: { heartbeat: true },
      });
      await subscriber.sampleMissListener(() => {});
      await publisher.put('x');
      await sender.close();
      const closed = { code: 'SESSION_CLOSED' };
      await expect(publisher.put('x')).rejects.toMatchObject(closed);
      await expect(subscriber.sampleMissListener(() => {})).rejects.toMatchObject(closed);
      await expect(sender.declareAdvancedPublisher('adv/closed')).rejects.toMatchObject(closed);
      await expect(sender.declareAdvancedSubscriber('adv/closed')).rejects.toMatchObject(closed);
    },
  },
];
