// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Readable } from 'node:stream';
import { type ChannelReceiver, Locality, type Reply, RingChannel, type Sample, ZBytes } from '@zenoh-segments/core';
import { until } from '../../support/until.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

const text = (sample: Sample) => sample.payload().toString();

/** What can be seen of a session at work, and the streams of the platform. */
export const observed: readonly Case[] = [
  {
    name: 'statistics: a publisher and its session count what became of every put',
    covers: ['+put'],
    run: async ({ sender, reach, backend: { copies } }) => {
      const inbox = await reach('observed/puts');
      const publisher = await sender.declarePublisher('observed/puts');
      await publisher.put(new Uint8Array(1000));
      await publisher.delete();
      await sender.put('observed/puts', 'abc');
      await inbox.at(2);
      await publisher.undeclare();
      await expect(publisher.put('too late')).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
      const own = publisher.stats();
      expect(own).toMatchObject({ puts: 2, done: 2, dropped: 0, failed: 0, pending: 0, carried: 1000 });
      expect(own.reasons).toEqual(copies.sent(1000));
      const { sent, carried, connections, lost } = sender.stats();
      expect(sent).toMatchObject({ puts: 3, done: 3, dropped: 0, failed: 0, pending: 0 });
      expect(carried).toBeGreaterThanOrEqual(1003);
      expect(connections).toBe(1);
      expect(lost).toMatchObject({ CONTROL: 0, DATA: 0, BACKGROUND: 0 });
      expect(Object.keys(lost)).toHaveLength(8);
    },
  },
  {
    name: 'statistics: a put that fails is counted as such',
    covers: ['-put'],
    run: async ({ sender }) => {
      const publisher = await sender.declarePublisher('observed/failed');
      const payload = new Uint8Array(8);
      const bytes = ZBytes.fromSegments([payload]);
      structuredClone(payload.buffer, { transfer: [payload.buffer] });
      await expect(publisher.put(bytes)).rejects.toMatchObject({ code: 'BUFFER_DETACHED' });
      expect(publisher.stats()).toMatchObject({ puts: 1, done: 0, failed: 1, pending: 0 });
      expect(sender.stats().sent).toMatchObject({ puts: 1, failed: 1 });
    },
  },
  {
    name: 'statistics: a session sums what its subscribers received, lost and hold',
    covers: ['+ring', '-ring'],
    run: async ({ sender }) => {
      const subscriber = await sender.declareSubscriber('observed/sum', { handler: new RingChannel<Sample>(2) });
      for (let i = 0; i < 5; i++) {
        sender.putSync('observed/sum', 'x', { allowedDestination: Locality.SESSION_LOCAL });
      }
      await until('all came', () => subscriber.stats().received === 5);
      expect(sender.stats().received).toMatchObject({ received: 5, delivered: 0, dropped: 3, queued: 2, waiting: 0 });
      for (let i = 0; i < 2; i++) await subscriber.receiver()?.receive();
      expect(sender.stats().received).toMatchObject({ received: 5, delivered: 2, dropped: 3, queued: 0 });
      await subscriber.undeclare();
      expect(sender.stats().received.received).toBe(0);
    },
  },
  {
    name: 'streams: a subscriber is a web stream, and cancelling it undeclares',
    covers: ['+async', '-async'],
    run: async ({ sender }) => {
      const subscriber = await sender.declareSubscriber('observed/web');
      for (const word of ['one', 'two', 'three']) sender.putSync('observed/web', word);
      await until('all came', () => subscriber.stats().received === 3);
      const reader = subscriber.readable().getReader();
      expect(text((await reader.read()).value as Sample)).toBe('one');
      expect(text((await reader.read()).value as Sample)).toBe('two');
      await reader.cancel();
      expect(subscriber.stats().dropped.closed).toBe(1);
      await expect(subscriber.receiver()?.receive()).rejects.toMatchObject({ code: 'RECEIVER_CLOSED' });
    },
  },
  {
    name: 'streams: a stream ends when its subscriber is undeclared',
    covers: ['+async'],
    run: async ({ sender }) => {
      const subscriber = await sender.declareSubscriber('observed/end');
      sender.putSync('observed/end', 'last');
      const reader = subscriber.readable().getReader();
      expect(text((await reader.read()).value as Sample)).toBe('last');
      const end = reader.read();
      await subscriber.undeclare();
      expect(await end).toEqual({ done: true, value: undefined });
    },
  },
  {
    name: 'streams: a Node stream reads a subscriber and writes a publisher',
    covers: ['+async'],
    run: async ({ sender }) => {
      const subscriber = await sender.declareSubscriber('observed/node');
      const publisher = await sender.declarePublisher('observed/node');
      await Readable.toWeb(Readable.from(['a', 'b', 'c'])).pipeTo(publisher.writable() as WritableStream<unknown>);
      expect(publisher.stats().done).toBe(3);
      const seen: string[] = [];
      for await (const sample of Readable.from(subscriber)) {
        seen.push(text(sample as Sample));
        if (seen.length === 3) break;
      }
      expect(seen).toEqual(['a', 'b', 'c']);
      await expect(
        publisher
          .writable()
          .getWriter()
          .write(42 as never),
      ).rejects.toThrow();
    },
  },
  {
    name: 'streams: the replies of a get are one, which ends after the last',
    covers: ['+get', '+async'],
    run: async ({ sender }) => {
      await sender.declareQueryable('observed/get', {
        handler: async (query) => {
          await query.reply('observed/get', 'here');
          await query.finalize();
        },
      });
      const replies = (await sender.get('observed/get')) as ChannelReceiver<Reply>;
      const seen: string[] = [];
      for await (const reply of replies.readable()) seen.push(text(reply.result() as Sample));
      expect(seen).toEqual(['here']);
    },
  },
  {
    name: 'streams: there is none where a callback takes everything',
    covers: ['-async'],
    run: async ({ sender }) => {
      const subscriber = await sender.declareSubscriber('observed/callback', { handler: () => {} });
      expect(() => subscriber.readable()).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    },
  },
];
