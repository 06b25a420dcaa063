// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import {
  FifoChannel,
  type MatchingListener,
  type MatchingStatus,
  QueryTarget,
  RingChannel,
  type Session,
} from '@zenoh-segments/core';
import { until } from '../../support/until.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

/**
 * Declares a subscriber and undeclares it; all of `listeners` have heard of both when this is through. (A change that is
 * over before zenoh looks on behalf of a listener is not told.)
 */
async function comeAndGo(session: Session, key: string, listeners: readonly MatchingListener[]): Promise<void> {
  const before = listeners.map((listener) => listener.stats().received);
  const heard = (events: number) => () =>
    listeners.every((listener, i) => listener.stats().received === (before[i] ?? 0) + events);
  const subscriber = await session.declareSubscriber(key, { handler: () => {} });
  await until('the subscriber is told', heard(1));
  await subscriber.undeclare();
  await until('its end is told', heard(2));
}

export const matching: Case[] = [
  {
    name: 'a publisher is told when subscribers come and go, by callback and by channel',
    covers: ['+matching'],
    run: async ({ sender, receiver }) => {
      const publisher = await sender.declarePublisher('matching/key');
      const called: boolean[] = [];
      const listener = await publisher.matchingListener({ handler: (status) => called.push(status.matching()) });
      const channel = await publisher.matchingListener();
      expect((await publisher.matchingStatus()).matching()).toBe(false);
      await comeAndGo(receiver, 'matching/*', [listener, channel]);
      await comeAndGo(sender, 'matching/key', [listener, channel]);
      expect(called).toEqual([true, false, true, false]);
      const read: boolean[] = [];
      for await (const status of channel) if (read.push(status.matching()) === 4) break;
      expect(read).toEqual(called);
      expect((await publisher.matchingStatus()).matching()).toBe(false);
    },
  },
  {
    name: 'a subscriber elsewhere does not match, and one that stands already is told at once',
    covers: ['+matching', '-matching'],
    run: async ({ sender, reach }) => {
      await reach('matching/other');
      const publisher = await sender.declarePublisher('matching/key');
      const listener = await publisher.matchingListener();
      expect((await publisher.matchingStatus()).matching()).toBe(false);
      await reach('matching/key');
      expect((await publisher.matchingStatus()).matching()).toBe(true);
      const late = await publisher.matchingListener();
      expect((await late.receiver()?.receive())?.matching()).toBe(true);
      expect((await listener.receiver()?.receive())?.matching()).toBe(true);
      expect(listener.stats()).toEqual({ received: 1, delivered: 1, lost: 0, queued: 0 });
    },
  },
  {
    name: 'a querier is told when queryables come and go; one that is not complete does not match ALL_COMPLETE',
    covers: ['+matching', '+querier'],
    run: async ({ sender, receiver }) => {
      const querier = await sender.declareQuerier('matching/ask');
      const complete = await sender.declareQuerier('matching/ask', { target: QueryTarget.ALL_COMPLETE });
      const listener = await querier.matchingListener();
      const completeListener = await complete.matchingListener();
      expect((await querier.matchingStatus()).matching()).toBe(false);
      const partial = await receiver.declareQueryable('matching/ask', { handler: () => {} });
      await until('the queryable is told', () => listener.stats().received === 1);
      expect((await querier.matchingStatus()).matching()).toBe(true);
      expect((await complete.matchingStatus()).matching()).toBe(false);
      const whole = await receiver.declareQueryable('matching/**', { complete: true, handler: () => {} });
      await until('the complete queryable is told', () => completeListener.stats().received === 1);
      expect((await complete.matchingStatus()).matching()).toBe(true);
      await Promise.all([partial.undeclare(), whole.undeclare()]);
      const read = async (from: MatchingListener) => {
        const seen: boolean[] = [];
        for await (const status of from) if (seen.push(status.matching()) === 2) return seen;
        throw new Error(`ended after ${seen}`);
      };
      expect(await Promise.all([read(listener), read(completeListener)])).toEqual([
        [true, false],
        [true, false],
      ]);
    },
  },
  {
    name: 'a channel is bounded: a FIFO keeps the first, a ring the newest, and what is lost is counted',
    covers: ['-matching', '-fifo', '-ring'],
    run: async ({ sender, receiver }) => {
      const publisher = await sender.declarePublisher('matching/full');
      const fifo = await publisher.matchingListener({ handler: new FifoChannel<MatchingStatus>(1) });
      const ring = await publisher.matchingListener({ handler: new RingChannel<MatchingStatus>(1) });
      for (let i = 0; i < 2; i++) await comeAndGo(receiver, 'matching/full', [fifo, ring]);
      for (const listener of [fifo, ring]) {
        expect(listener.stats()).toEqual({ received: 4, delivered: 0, lost: 3, queued: 1 });
      }
      expect((await fifo.receiver()?.receive())?.matching()).toBe(true);
      expect((await ring.receiver()?.receive())?.matching()).toBe(false);
      await ring.undeclare();
      expect(ring.stats()).toEqual({ received: 4, delivered: 1, lost: 3, queued: 0 });
    },
  },
  {
    name: 'listeners end with what they listen to, and refuse what is undeclared',
    covers: ['-matching'],
    run: async ({ sender }) => {
      for (const entity of [
        await sender.declarePublisher('matching/end'),
        await sender.declareQuerier('matching/end'),
      ]) {
        let drops = 0;
        await entity.matchingListener({ handler: [() => {}, () => drops++] });
        const channel = await entity.matchingListener();
        const waiting = expect(channel.receiver()?.receive()).rejects.toMatchObject({ code: 'RECEIVER_CLOSED' });
        const declaring = expect(entity.matchingListener()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
        await entity.undeclare();
        await Promise.all([waiting, declaring, channel.undeclare()]);
        expect(drops).toBe(1);
        await expect(entity.matchingListener()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
        await expect(entity.matchingStatus()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
      }
    },
  },
  {
    name: 'closing the session ends listeners; a handler that is none is refused',
    covers: ['-matching'],
    run: async ({ sender }) => {
      const publisher = await sender.declarePublisher('matching/close');
      const querier = await sender.declareQuerier('matching/close');
      const handler = 'call me' as unknown as () => void;
      await expect(publisher.matchingListener({ handler })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      const listeners = [await publisher.matchingListener(), await querier.matchingListener()];
      const reading = listeners.map(async (listener) => {
        for await (const status of listener) throw new Error(`nobody came, but ${status.matching()}`);
      });
      await sender.close();
      await Promise.all(reading);
      await expect(publisher.matchingListener()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
      await expect(querier.matchingListener()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
      await expect(querier.matchingStatus()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    },
  },
];
