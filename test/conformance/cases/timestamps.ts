// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { ConsolidationMode, SampleKind, Timestamp } from '@zenoh-segments/core';
import { all, answering, known, sampleOf } from '../asking.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

/** The largest time, and the lowest bit of a fraction: nothing may be rounded. */
const EXACT = [
  Timestamp.fromString('18446744073709551615/33'),
  Timestamp.fromString('1/3b08e2e66237a150353a376112b160e7'),
];

export const timestamps: Case[] = [
  {
    name: 'a new timestamp has the time and the id of its session',
    covers: ['+attachment'],
    run: async ({ sender }) => {
      const before = Date.now();
      const timestamp = await sender.newTimestamp();
      expect(timestamp.getId().toString()).toBe(sender.zid().toString());
      // A clock that was set forward by others may be ahead, never behind.
      expect(timestamp.getMsSinceUnixEpoch()).toBeGreaterThan(before - 1);
      expect(timestamp.getMsSinceUnixEpoch()).toBeLessThan(before + 60_000);
    },
  },
  {
    name: 'a closed session has no time',
    covers: ['-attachment'],
    run: async ({ sender }) => {
      await sender.close();
      await expect(sender.newTimestamp()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    },
  },
  {
    name: 'timestamps of puts and deletes arrive to the last bit, and none where none was given',
    covers: ['+attachment', '-attachment'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('time/put');
      await using publisher = await sender.declarePublisher('time/put');
      const given = [...EXACT, await sender.newTimestamp()];
      for (const timestamp of given) {
        await sender.put('time/put', 'x', { timestamp });
        await sender.delete('time/put', { timestamp });
        await publisher.put('x', { timestamp });
        await publisher.delete({ timestamp });
      }
      await sender.put('time/put', 'x');
      await inbox.at(4 * given.length);
      expect(inbox.samples.map((sample) => sample.timestamp()?.toString())).toEqual([
        ...given.flatMap((timestamp) => Array(4).fill(timestamp.toString())),
        undefined,
      ]);
    },
  },
  {
    name: 'timestamps of replies arrive to the last bit, deletions too, and none where none was given',
    covers: ['+attachment', '-attachment'],
    run: async ({ sender, receiver }) => {
      await answering(receiver, 'time/query', async (query) => {
        for (const timestamp of EXACT) await query.reply('time/query', 'x', { timestamp });
        for (const timestamp of EXACT) await query.replyDel('time/query', { timestamp });
        await query.reply('time/query', 'x');
      });
      await known(sender, 'time/query');
      const replies = await all(await sender.get('time/query', { consolidation: ConsolidationMode.NONE }));
      const exact = EXACT.map(String);
      expect(replies.map((reply) => sampleOf(reply).timestamp()?.toString())).toEqual([...exact, ...exact, undefined]);
      expect(sampleOf(replies[3]).kind()).toBe(SampleKind.DELETE);
    },
  },
];
