// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import {
  ChannelState,
  CongestionControl,
  FifoChannel,
  RingChannel,
  type Sample,
  TryReceivedKind,
} from '@zenoh-segments/core';
import { until } from '../../support/until.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

const text = (sample: Sample) => sample.payload().toString();

export const subscribers: Case[] = [
  {
    name: 'for await reads in order, and leaving the loop undeclares',
    covers: ['+async', '-async'],
    run: async ({ sender }) => {
      const subscriber = await sender.declareSubscriber('sub/loop');
      for (let i = 0; i < 10; i++) await sender.put('sub/loop', `${i}`);
      const seen: string[] = [];
      for await (const sample of subscriber) {
        seen.push(text(sample));
        if (seen.length === 10) break;
      }
      expect(seen).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
      await sender.put('sub/loop', 'late');
      await expect(subscriber.receiver()?.receive()).rejects.toMatchObject({ code: 'RECEIVER_CLOSED' });
    },
  },
  {
    name: 'undeclare ends a waiting receive and a loop',
    covers: ['-async', '-fifo'],
    run: async ({ sender }) => {
      const subscriber = await sender.declareSubscriber('sub/end', { handler: new FifoChannel<Sample>(4) });
      const receiver = subscriber.receiver();
      const waiting = receiver?.receive();
      expect(receiver?.state()).toBe(ChannelState.receiver);
      const failed = expect(waiting).rejects.toMatchObject({ code: 'RECEIVER_CLOSED' });
      await subscriber.undeclare();
      await failed;
      expect(receiver?.tryReceive()).toEqual({ kind: TryReceivedKind.close });
      for await (const _ of subscriber) throw new Error('nothing may come');
    },
  },
  {
    name: 'a ring keeps the newest, and counts what it dropped',
    covers: ['+ring', '-ring'],
    run: async ({ sender }) => {
      const subscriber = await sender.declareSubscriber('sub/ring', { handler: new RingChannel<Sample>(3) });
      for (let i = 0; i < 10; i++) await sender.put('sub/ring', `${i}`);
      await until('all came', () => subscriber.stats().received === 10);
      const receiver = subscriber.receiver();
      const seen = [await receiver?.receive(), await receiver?.receive(), await receiver?.receive()];
      expect(seen.map((sample) => sample && text(sample))).toEqual(['7', '8', '9']);
      const stats = subscriber.stats();
      expect(stats).toMatchObject({ received: 10, delivered: 3, queued: 0, highWater: 3 });
      expect(stats.dropped).toEqual({ oldest: 7, newest: 0, deadlock: 0, closed: 0 });
      await subscriber.undeclare();
    },
  },
  {
    name: 'a remote FIFO channel loses nothing: a full one makes the publisher wait',
    covers: ['+fifo'],
    run: async ({ sender, reach, receiver }) => {
      await reach('sub/other');
      const subscriber = await receiver.declareSubscriber('sub/fifo', { handler: new FifoChannel<Sample>(2) });
      // The sender must know the subscriber: declarations arrive in order.
      await reach('sub/fifo/known');
      for (let i = 0; i < 50; i++) await sender.put('sub/fifo', `${i}`, { congestionControl: CongestionControl.BLOCK });
      const seen: string[] = [];
      for await (const sample of subscriber) {
        seen.push(text(sample));
        if (seen.length === 50) break;
      }
      expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
    },
  },
  {
    name: 'bounds before a callback: drop-newest keeps the first',
    covers: ['-callback'],
    run: async ({ sender }) => {
      const seen: string[] = [];
      const subscriber = await sender.declareSubscriber('sub/newest', {
        handler: (sample) => seen.push(text(sample)),
        bounds: { count: 2, policy: 'drop-newest' },
      });
      // No turn of the event loop may come between: the callback would make room.
      for (let i = 0; i < 5; i++) sender.putSync('sub/newest', `${i}`);
      await until('two samples came', () => seen.length === 2);
      expect(seen).toEqual(['0', '1']);
      expect(subscriber.stats().dropped.newest).toBe(3);
    },
  },
  {
    name: 'the drop callback runs once, at the end',
    covers: ['+callback'],
    run: async ({ sender }) => {
      let drops = 0;
      const subscriber = await sender.declareSubscriber('sub/drop', { handler: [() => {}, () => drops++] });
      expect(drops).toBe(0);
      await subscriber.undeclare();
      await subscriber.undeclare();
      expect(drops).toBe(1);
    },
  },
  {
    name: 'what the ledger counts and what the queue counts agree',
    covers: ['+segments'],
    run: async ({ sender, reach, receiver, backend: { copies } }) => {
      let received = 0;
      const subscriber = await receiver.declareSubscriber('sub/ledger', { handler: () => received++ });
      await reach('sub/ledger/known');
      for (const size of [0, 1, 100, 5_000, 100_000]) {
        const options = { attachment: new Uint8Array(10 * size), congestionControl: CongestionControl.BLOCK };
        await sender.put('sub/ledger', new Uint8Array(size), options);
      }
      await until('five samples came', () => received === 5);
      const { carried, small } = subscriber.stats();
      expect(carried).toBe(11 * 105_101);
      const reasons = copies.received(101 + 1_010);
      expect(small).toBe(reasons.small ?? 0);
      expect(subscriber.ledger.snapshot()).toEqual({ carried, copied: small, reasons });
      expect(receiver.ledger.copiedFor('small')).toBe(small);
    },
  },
  {
    name: 'a subscriber declared while its session closes ends with the session',
    covers: ['-open'],
    run: async ({ sender }) => {
      const declaring = sender.declareSubscriber('sub/late');
      const closing = sender.close();
      await expect(declaring).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
      await closing;
    },
  },
  {
    name: 'a bound in bytes holds, and one larger sample still fits alone',
    covers: ['+ring', '-ring'],
    run: async ({ sender }) => {
      const subscriber = await sender.declareSubscriber('sub/bytes', {
        handler: new RingChannel<Sample>(100, { maxBytes: 10_000 }),
      });
      await sender.put('sub/bytes', new Uint8Array(50_000));
      await until('the large one came', () => subscriber.stats().queued === 1);
      for (let i = 0; i < 10; i++) await sender.put('sub/bytes', new Uint8Array(4_000));
      await until('all came', () => subscriber.stats().received === 11);
      expect(subscriber.stats()).toMatchObject({ queued: 2, queuedBytes: 2 * 4_256 });
      await subscriber.undeclare();
      expect(subscriber.stats().dropped).toMatchObject({ oldest: 9, closed: 2 });
    },
  },
];
