// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { ConsolidationMode, EntityGlobalId, type Query, SourceInfo, ZenohId } from '@zenoh-segments/core';
import { all, answering, known, sampleOf } from '../asking.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

/** An id whose every byte differs, and the largest numbers. */
const foreign = new SourceInfo(
  new EntityGlobalId(ZenohId.fromString('0f1e2d3c4b5a69788796a5b4c3d2e1f0'.slice(1)), 0xffffffff),
  0xffffffff,
);

export const sources: Case[] = [
  {
    name: 'the source of a put and of a delete arrives, from a session and from a publisher',
    covers: ['+source-info'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('source/put');
      await using publisher = await sender.declarePublisher('source/put');
      const source = (sn: number) => new SourceInfo(publisher.id(), sn);
      await sender.put('source/put', 'x', { sourceInfo: foreign });
      await sender.delete('source/put', { sourceInfo: source(0) });
      await publisher.put('x', { sourceInfo: source(1) });
      await publisher.delete({ sourceInfo: source(2) });
      const seen = [];
      for (const i of [0, 1, 2, 3]) seen.push((await inbox.at(i)).sourceInfo()?.toString());
      expect(seen).toEqual([foreign, source(0), source(1), source(2)].map(String));
      expect((await inbox.at(2)).sourceInfo()?.sourceId().equals(publisher.id())).toBe(true);
      expect((await inbox.at(2)).sourceInfo()?.sourceSn()).toBe(1);
    },
  },
  {
    name: 'no source arrives where none was given, also between messages that have one',
    covers: ['-source-info'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('source/mixed');
      const given = [undefined, foreign, undefined, foreign, foreign, undefined];
      for (const [i, sourceInfo] of given.entries()) await sender.put('source/mixed', `${i}`, { sourceInfo });
      await inbox.at(given.length - 1);
      expect(inbox.samples.map((sample) => sample.sourceInfo()?.toString())).toEqual(
        given.map((source) => source?.toString()),
      );
      expect(inbox.samples.map((sample) => sample.payload().toString())).toEqual(['0', '1', '2', '3', '4', '5']);
    },
  },
  {
    name: 'queries and replies carry their sources, and those without one carry none',
    covers: ['+source-info', '-source-info'],
    run: async ({ sender, receiver }) => {
      const queries: Query[] = [];
      const querier = await sender.declareQuerier('source/query', { consolidation: ConsolidationMode.NONE });
      const own = new SourceInfo(querier.id(), 7);
      await answering(receiver, 'source/query', async (query) => {
        queries.push(query);
        await query.reply('source/query', 'with', { sourceInfo: foreign });
        await query.reply('source/query', 'without');
      });
      await known(sender, 'source/query');
      queries.length = 0;
      const replies = await all(await querier.get({ sourceInfo: own }));
      expect(replies.map((reply) => sampleOf(reply).sourceInfo()?.toString())).toEqual([foreign.toString(), undefined]);
      await all(await sender.get('source/query', { sourceInfo: foreign, consolidation: ConsolidationMode.NONE }));
      await all(await querier.get());
      expect(queries.map((query) => query.sourceInfo()?.toString())).toEqual([
        own.toString(),
        foreign.toString(),
        undefined,
      ]);
    },
  },
  {
    name: 'a stored sample is replied with its source',
    covers: ['+source-info', '+reply-sample'],
    run: async ({ sender, receiver, reach }) => {
      const inbox = await reach('source/stored');
      await sender.put('source/stored', 'x', { sourceInfo: foreign });
      const stored = await inbox.at(0);
      await answering(receiver, 'source/stored', (query) => query.replySample(stored));
      await known(sender, 'source/stored');
      const [reply] = await all(await sender.get('source/stored'));
      expect(sampleOf(reply).sourceInfo()?.toString()).toBe(foreign.toString());
    },
  },
  {
    name: 'everything declared has an id of its own, under the id of its session',
    covers: ['+source-info'],
    run: async ({ sender, receiver }) => {
      const key = 'source/ids';
      const declared = [
        sender,
        await sender.declarePublisher(key),
        await sender.declareSubscriber(key, { handler: () => {} }),
        await sender.declareQueryable(key, { handler: () => {} }),
        await sender.declareQuerier(key),
      ];
      const ids = declared.map((entity) => entity.id());
      expect(new Set(ids.map(String)).size).toBe(declared.length);
      for (const id of ids) expect(id.zid().toString()).toBe(sender.zid().toString());
      expect(receiver.id().zid().toString()).toBe(receiver.zid().toString());
      expect(ids[0]?.equals(ids[1] as EntityGlobalId)).toBe(false);
      expect(EntityGlobalId.fromString(`${ids[1]}`).equals(ids[1] as EntityGlobalId)).toBe(true);
    },
  },
  {
    name: 'numbers that do not fit are refused when the source is made',
    covers: ['-source-info'],
    run: async ({ sender }) => {
      const wrong = (value: number) => ({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(`unsigned 32-bit number, not ${value}`),
      });
      const thrown = (make: () => unknown) => {
        try {
          make();
        } catch (error) {
          return error;
        }
        return undefined;
      };
      for (const value of [-1, 2 ** 32, 1.5, Number.NaN]) {
        expect(thrown(() => new SourceInfo(new EntityGlobalId(sender.zid(), 1), value))).toMatchObject(wrong(value));
        expect(thrown(() => new EntityGlobalId(sender.zid(), value))).toMatchObject(wrong(value));
      }
      for (const text of ['', '1', '1/', '1/x', '/1', '1/2/3', '1/99999999999', 'XY/1']) {
        expect(thrown(() => EntityGlobalId.fromString(text))).toMatchObject({ code: 'INVALID_ARGUMENT' });
      }
    },
  },
];
