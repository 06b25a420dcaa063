// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import {
  InterceptionPoint,
  type Query,
  Timestamp,
  TimestampInstrumentation,
  type TimestampStack,
} from '@zenoh-segments/core';
import { all, answering, known, sampleOf } from '../asking.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

const ENDS = new TimestampInstrumentation({ send: true, receive: true });

/** The points, checked for times that do not go back. */
function points(stack: TimestampStack | undefined): string[] {
  const records = stack?.records() ?? [];
  const times = records.map((record) => (record.timestamp() as Timestamp).getMsSinceUnixEpoch());
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(records.filter((record) => record.isCustom())).toEqual([]);
  return records.map((record) => InterceptionPoint[record.point()]);
}

export const timestampStacks: Case[] = [
  {
    name: 'times are noted where a put, a deletion and a publisher ask for it, and read at the sample',
    covers: ['+timestamp-stack'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('stack/put');
      await using publisher = await sender.declarePublisher('stack/put');
      const before = Date.now();
      await sender.put('stack/put', 'x', { timestampInstrumentation: ENDS });
      await sender.delete('stack/put', { timestampInstrumentation: ENDS });
      await publisher.put('x', { timestampInstrumentation: ENDS });
      await publisher.delete({ timestampInstrumentation: ENDS });
      await inbox.at(3);
      for (const sample of inbox.samples) {
        const stack = sample.timestampStack();
        expect(points(stack)).toEqual(['SEND', 'RECEIVE']);
        const asked = [InterceptionPoint.SEND, InterceptionPoint.ROUTE, InterceptionPoint.RECEIVE];
        expect(asked.map((point) => stack?.instrumentation().isInstrumented(point))).toEqual([true, false, true]);
        const sent = stack?.records()[0]?.timestamp();
        expect(sent).toBeInstanceOf(Timestamp);
        expect((sent as Timestamp).getMsSinceUnixEpoch()).toBeGreaterThan(before - 1);
      }
    },
  },
  {
    name: 'each point is noted only when it is asked for: by the sender, on the way, by the receiver',
    covers: ['+timestamp-stack', '-timestamp-stack'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('stack/points');
      for (const point of ['send', 'route', 'receive']) {
        const timestampInstrumentation = new TimestampInstrumentation({ [point]: true });
        await sender.put('stack/points', 'x', { timestampInstrumentation });
      }
      await inbox.at(2);
      const noted = inbox.samples.map((sample) => new Set(points(sample.timestampStack())));
      expect(noted).toEqual([new Set(['SEND']), new Set(['ROUTE']), new Set(['RECEIVE'])]);
    },
  },
  {
    name: 'a get notes times on its way to the queryable, and its replies on their way back',
    covers: ['+timestamp-stack', '+get'],
    run: async ({ sender, receiver }) => {
      const queries: Query[] = [];
      await answering(receiver, 'stack/query', async (query) => {
        queries.push(query);
        await query.reply('stack/query', 'x');
      });
      await known(sender, 'stack/query');
      queries.length = 0;
      await using querier = await sender.declareQuerier('stack/query');
      const replies = [
        ...(await all(await sender.get('stack/query', { timestampInstrumentation: ENDS }))),
        ...(await all(await querier.get({ timestampInstrumentation: ENDS }))),
        ...(await all(await querier.get())),
      ];
      expect(queries.map((query) => points(query.timestampStack()))).toEqual([
        ['SEND', 'RECEIVE'],
        ['SEND', 'RECEIVE'],
        [],
      ]);
      const stacks = replies.map((reply) => sampleOf(reply).timestampStack());
      expect(stacks.map((stack) => stack !== undefined)).toEqual([true, true, false]);
      expect(points(stacks[0])).toContain('SEND');
      expect(points(stacks[0]).at(-1)).toBe('RECEIVE');
    },
  },
  {
    name: 'nothing is noted unasked, also between messages that ask',
    covers: ['-timestamp-stack'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('stack/mixed');
      for (const timestampInstrumentation of [undefined, ENDS, undefined]) {
        await sender.put('stack/mixed', 'x', { timestampInstrumentation });
      }
      await inbox.at(2);
      expect(inbox.samples.map((sample) => sample.timestampStack() !== undefined)).toEqual([false, true, false]);
    },
  },
  {
    name: 'an instrumentation without a point, and what is none, are refused',
    covers: ['-timestamp-stack'],
    run: async ({ sender }) => {
      const refused = { code: 'INVALID_ARGUMENT' };
      for (const none of [{}, { send: false }, { receive: undefined }]) {
        expect(() => new TimestampInstrumentation(none)).toThrow(expect.objectContaining(refused));
      }
      const timestampInstrumentation = { send: true } as unknown as TimestampInstrumentation;
      await expect(sender.put('stack/wrong', 'x', { timestampInstrumentation })).rejects.toMatchObject(refused);
      await expect(sender.get('stack/wrong', { timestampInstrumentation })).rejects.toMatchObject(refused);
    },
  },
];
