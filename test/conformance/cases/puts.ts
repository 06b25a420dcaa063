// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import {
  alloc,
  CongestionControl,
  FifoChannel,
  type PutResult,
  type Sample,
  SampleKind,
  type Session,
  ZBytes,
} from '@zenoh-segments/core';
import { matched } from '../../support/matched.js';
import { patience, until } from '../../support/until.js';
import type { Case, Pair } from '../case.js';
import { expect } from '../expect.js';

const MIB = 1024 * 1024;

/** Puts to a subscriber that reads nothing, until a put is told to be dropped; then the subscriber ends. */
async function congest({ sender, receiver }: Pair, congestionControl: CongestionControl): Promise<Set<PutResult>> {
  const stalled = await receiver.declareSubscriber('puts/stalled', { handler: new FifoChannel<Sample>(1) });
  await matched(sender, 'puts/stalled');
  const results = new Set<PutResult>();
  const payload = new Uint8Array(MIB);
  const deadline = performance.now() + patience.limit;
  while (!results.has('dropped')) {
    if (performance.now() > deadline) throw new Error(`no put was dropped within ${patience.limit} ms`);
    results.add(await sender.put('puts/stalled', payload, { congestionControl }));
  }
  await stalled.undeclare();
  return results;
}

/** A local FIFO of one, full, and a put that waits for room in it. */
async function waiting(session: Session, key: string) {
  const subscriber = await session.declareSubscriber(key, { handler: new FifoChannel<Sample>(1) });
  expect(await session.put(key, '1')).toBe('done');
  let result: PutResult | undefined;
  const second = session.put(key, '2').then((told) => {
    result = told;
  });
  expect(subscriber.stats()).toMatchObject({ received: 2, queued: 1, waiting: 1 });
  // Turns of the event loop in which it could have ended.
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(result).toBeUndefined();
  return { subscriber, second, result: () => result };
}

export const puts: Case[] = [
  {
    name: 'a put, a deletion and a put in the call itself tell that they are done',
    covers: ['+put'],
    run: async ({ sender, reach, backend: { copies } }) => {
      const inbox = await reach('puts/done');
      await using publisher = await sender.declarePublisher('puts/done');
      const payload = ZBytes.fromSegments([new Uint8Array(3000), new Uint8Array(10)]);
      const results = [
        await sender.put('puts/done', 'x'),
        await sender.delete('puts/done'),
        sender.putSync('puts/done', payload),
        await publisher.put('x'),
        await publisher.delete(),
        publisher.putSync('x', { attachment: 'note' }),
      ];
      expect(results).toEqual(Array(6).fill('done'));
      expect(payload.ledger.snapshot().reasons).toEqual(copies.sent(3010));
      expect((await inbox.at(2)).payload().length).toBe(3010);
      expect((await inbox.at(5)).attachment()?.toString()).toBe('note');
    },
  },
  {
    name: 'a put that the network has no room for is dropped, and that is told',
    covers: ['-put', '-qos'],
    run: async (pair) => {
      expect(await congest(pair, CongestionControl.DROP)).toContain('dropped');
    },
  },
  {
    name: 'with BLOCK_FIRST a message arrives, with its bytes as they were at the call, copied once',
    covers: ['+block-first', '+qos'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('puts/first');
      const source = new Uint8Array(100_000).fill(1);
      const payload = new ZBytes(source);
      const putting = sender.put('puts/first', payload, { congestionControl: CongestionControl.BLOCK_FIRST });
      source.fill(2);
      expect(await putting).toBe('done');
      const sample = await inbox.at(0);
      expect(sample.congestionControl()).toBe(CongestionControl.BLOCK_FIRST);
      expect(Buffer.from(sample.payload().toBytes())).toEqual(Buffer.alloc(100_000, 1));
      expect(payload.ledger.snapshot()).toEqual({ carried: 100_000, copied: 100_000, reasons: { offload: 100_000 } });
      await using publisher = await sender.declarePublisher('puts/first', {
        congestionControl: CongestionControl.BLOCK_FIRST,
      });
      // The first may not have left its place yet: then the next is dropped.
      let result = await publisher.put('declared');
      while (result === 'dropped') result = await publisher.put('declared');
      expect((await inbox.at(1)).congestionControl()).toBe(CongestionControl.BLOCK_FIRST);
    },
  },
  {
    name: 'with BLOCK_FIRST others are dropped while one waits for room, and that is told',
    covers: ['-block-first'],
    run: async (pair) => {
      expect(await congest(pair, CongestionControl.BLOCK_FIRST)).toEqual(new Set(['done', 'dropped']));
    },
  },
  {
    name: 'a put to a full local FIFO waits, without a word lost, until the reader made room',
    covers: ['+put', '+fifo', '+async'],
    run: async ({ sender }) => {
      const { subscriber, second, result } = await waiting(sender, 'puts/room');
      const receiver = subscriber.receiver();
      expect((await receiver?.receive())?.payload().toString()).toBe('1');
      await second;
      expect(result()).toBe('done');
      expect((await receiver?.receive())?.payload().toString()).toBe('2');
      expect(subscriber.stats()).toMatchObject({ received: 2, delivered: 2, queued: 0, waiting: 0 });
    },
  },
  {
    name: 'undeclare ends the wait of a put to a full local FIFO; what waited counts as closed',
    covers: ['-put', '-fifo'],
    run: async ({ sender }) => {
      const { subscriber, second, result } = await waiting(sender, 'puts/closed');
      await subscriber.undeclare();
      await second;
      expect(result()).toBe('done');
      const { dropped, ...others } = subscriber.stats();
      expect(dropped).toEqual({ oldest: 0, newest: 0, deadlock: 0, closed: 2 });
      expect(others).toMatchObject({ received: 2, delivered: 0, queued: 0, waiting: 0 });
    },
  },
  {
    name: 'a put in the call itself can not wait for a full local FIFO: it is lost there, and counted',
    covers: ['-put', '-fifo'],
    run: async ({ sender }) => {
      const subscriber = await sender.declareSubscriber('puts/sync', { handler: new FifoChannel<Sample>(1) });
      sender.putSync('puts/sync', '1');
      sender.putSync('puts/sync', '2');
      expect(subscriber.stats()).toMatchObject({ received: 2, queued: 1, waiting: 0, dropped: { deadlock: 1 } });
      expect((await subscriber.receiver()?.receive())?.payload().toString()).toBe('1');
      await sender.close();
      expect(() => sender.putSync('puts/sync', '3')).toThrow(expect.objectContaining({ code: 'SESSION_CLOSED' }));
    },
  },
  {
    name: 'await using undeclares at the end of its block, for await reads within it',
    covers: ['+async', '-async'],
    run: async ({ sender }) => {
      let receiver: { receive(): Promise<Sample> } | undefined;
      {
        await using subscriber = await sender.declareSubscriber('puts/using');
        await using publisher = await sender.declarePublisher('puts/using');
        receiver = subscriber.receiver();
        const seen: string[] = [];
        const reading = (async () => {
          for await (const sample of subscriber) if (seen.push(sample.payload().toString()) === 2) return;
        })();
        await publisher.put('1');
        await publisher.put('2');
        await until('both came', () => seen.length === 2);
        await reading;
      }
      await expect(receiver?.receive()).rejects.toMatchObject({ code: 'RECEIVER_CLOSED' });
    },
  },
  {
    name: 'local receivers see puts and deletions in the order of the calls, whatever way each takes',
    covers: ['+put'],
    run: async ({ sender, reach }) => {
      await reach('puts/order');
      const seen: string[] = [];
      await sender.declareSubscriber('puts/order', {
        handler: (sample) => seen.push(sample.kind() === SampleKind.DELETE ? 'delete' : `${sample.payload().length}`),
      });
      const native = alloc(200_000);
      const options = { congestionControl: CongestionControl.BLOCK };
      const puts = [
        sender.put('puts/order', new Uint8Array(3 * 2 ** 20), options),
        sender.delete('puts/order', options),
        sender.put('puts/order', 'word', options),
        sender.put('puts/order', native.bytes, options),
        sender.put('puts/order', new Uint8Array(100_000), options),
        sender.put('puts/order', new Uint8Array(0), options),
        sender.put('puts/order', 'last', options),
      ];
      await until('all came', () => seen.length === puts.length);
      expect(seen).toEqual([`${3 * 2 ** 20}`, 'delete', '4', '200000', '100000', '0', '4']);
      await Promise.all(puts);
    },
  },
  {
    name: 'a local reader that awaits puts of its own does not wait for itself',
    covers: ['+put', '+fifo'],
    run: async ({ sender, reach }) => {
      await reach('puts/**');
      const subscriber = await sender.declareSubscriber('puts/in', { handler: new FifoChannel<Sample>(2) });
      const options = { congestionControl: CongestionControl.BLOCK };
      const native = alloc(100_000);
      const writing = (async () => {
        for (let i = 0; i < 20; i++) {
          await Promise.all([sender.put('puts/in', native.bytes, options), sender.delete('puts/in', options)]);
        }
      })();
      let read = 0;
      for await (const _ of subscriber) {
        await sender.put('puts/out', 'answer', options);
        if (++read === 40) break;
      }
      await writing;
      expect(read).toBe(40);
    },
  },
  {
    name: 'BLOCK_FIRST copies native memory too: its owner may write again after the put',
    covers: ['+block-first'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('puts/first');
      const native = alloc(50_000);
      native.bytes.fill(1);
      const payload = ZBytes.fromSegments([native.bytes]);
      await sender.put('puts/first', payload, { congestionControl: CongestionControl.BLOCK_FIRST });
      native.bytes.fill(2);
      expect(
        (await inbox.at(0))
          .payload()
          .toBytes()
          .every((byte) => byte === 1),
      ).toBe(true);
      expect(payload.ledger.copiedFor('offload')).toBe(50_000);
    },
  },
];
