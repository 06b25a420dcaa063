// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import {
  type ChannelReceiver,
  CongestionControl,
  ConsolidationMode,
  Encoding,
  KeyExpr,
  Priority,
  type Query,
  Reply,
  ReplyError,
  Sample,
  SampleKind,
  Timestamp,
  ZBytes,
} from '@zenoh-segments/core';
import { all, answering, known, sampleOf } from '../asking.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

const QUALITY = { priority: Priority.BACKGROUND, congestionControl: CongestionControl.DROP, express: true };

/** With BLOCK_FIRST a query, its reply or its end may be dropped on a busy machine: asks again until a reply came. */
async function insist(ask: () => Promise<ChannelReceiver<Reply> | undefined>): Promise<Sample> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    const results = (await all(await ask())).map((reply) => reply.result());
    const sample = results.find((result) => result instanceof Sample);
    if (sample instanceof Sample) return sample;
  }
  throw new Error('no reply came within 10 s');
}

export const replies: Case[] = [
  {
    name: 'a reply tells who answered, an error too, from afar and from the same session',
    covers: ['+reply-sample'],
    run: async ({ sender, receiver }) => {
      const answer = async (query: Query) => {
        await query.reply(query.keyExpr(), 'x');
        await query.replyErr('no');
      };
      await answering(receiver, 'reply/who', answer);
      await known(sender, 'reply/who');
      for (const session of [sender, receiver]) {
        const got = await all(await session.get('reply/who', { consolidation: ConsolidationMode.NONE }));
        expect(got).toHaveLength(2);
        for (const reply of got) expect(reply.replierId()?.zid().toString()).toBe(receiver.zid().toString());
      }
    },
  },
  {
    name: 'two queryables of one session are two repliers, each by its own id',
    covers: ['+reply-sample'],
    run: async ({ sender, receiver }) => {
      const declared = [];
      for (const name of ['a', 'b']) {
        declared.push(
          await receiver.declareQueryable(`reply/two/${name}`, {
            handler: async (query) => {
              await query.reply(`reply/two/${name}`, name);
              await query.finalize();
            },
          }),
        );
      }
      await known(sender, 'reply/two/a');
      await known(sender, 'reply/two/b');
      const got = await all(await sender.get('reply/two/*', { consolidation: ConsolidationMode.NONE }));
      const ids = new Map(got.map((reply) => [sampleOf(reply).payload().toString(), `${reply.replierId()}`]));
      expect([ids.get('a'), ids.get('b')]).toEqual(declared.map((queryable) => queryable.id().toString()));
    },
  },
  {
    name: 'nobody is the replier of a timeout, nor of a reply made by hand',
    covers: ['-reply-sample'],
    run: async ({ sender }) => {
      // A query that nobody keeps is ended by the garbage collector, without an answer.
      const kept: Query[] = [];
      const handler = (query: Query) => {
        kept.push(query);
        return new Promise<void>(() => {});
      };
      await sender.declareQueryable('reply/late', { handler });
      const [late] = await all(await sender.get('reply/late', { timeout: 50 }));
      expect(kept).toHaveLength(1);
      expect(late?.result()).toBeInstanceOf(ReplyError);
      expect(late?.replierId()).toBeUndefined();
      expect(new Reply(late?.result() as ReplyError).replierId()).toBeUndefined();
    },
  },
  {
    name: 'a stored sample is replied as it is: key, kind, payload, encoding, attachment and time',
    covers: ['+reply-sample'],
    run: async ({ sender, receiver, reach }) => {
      const inbox = await reach('reply/stored/*');
      const extra = { attachment: 'note', timestamp: Timestamp.fromString('77/33'), priority: Priority.REAL_TIME };
      await sender.putSegments('reply/stored/a', [bytes(10_000, 1), bytes(5, 2)], { encoding: 'text/plain', ...extra });
      await sender.delete('reply/stored/b', extra);
      const stored = [await inbox.at(0), await inbox.at(1)];
      await answering(receiver, 'reply/stored/**', async (query) => {
        for (const sample of stored) await query.replySample(sample);
      });
      await known(sender, 'reply/stored/*');
      const asked = { consolidation: ConsolidationMode.NONE, priority: Priority.BACKGROUND };
      const got = (await all(await sender.get('reply/stored/*', asked))).map(sampleOf);
      const told = (sample: (typeof got)[number]) => ({
        key: sample.keyexpr().toString(),
        kind: sample.kind(),
        payload: [...sample.payload().toBytes()],
        encoding: sample.encoding().toString(),
        attachment: sample.attachment()?.toString(),
        timestamp: sample.timestamp()?.toString(),
      });
      expect(got.map(told)).toEqual(stored.map(told));
      expect(got.map((sample) => sample.priority())).toEqual([Priority.BACKGROUND, Priority.BACKGROUND]);
      expect(got[1]?.kind()).toBe(SampleKind.DELETE);
    },
  },
  {
    name: 'a sample made by hand is replied too',
    covers: ['+reply-sample'],
    run: async ({ sender, receiver }) => {
      const made = new Sample(
        new KeyExpr('reply/made'),
        new ZBytes('by hand'),
        SampleKind.PUT,
        Encoding.TEXT_PLAIN,
        new ZBytes('note'),
        Timestamp.fromString('9/33'),
        Priority.DATA,
        CongestionControl.BLOCK,
        false,
      );
      expect([made.keyexpr().toString(), made.timestamp()?.toString(), made.isShm()]).toEqual([
        'reply/made',
        '9/33',
        false,
      ]);
      await answering(receiver, 'reply/made', (query) => query.replySample(made));
      await known(sender, 'reply/made');
      const [reply] = await all(await sender.get('reply/made'));
      const sample = sampleOf(reply);
      expect([sample.payload(), sample.encoding(), sample.attachment(), sample.timestamp()].map(String)).toEqual([
        'by hand',
        'text/plain',
        'note',
        '9/33',
      ]);
    },
  },
  {
    name: 'another reply has the quality of its query',
    covers: ['+queryable', '+qos'],
    run: async ({ sender, receiver }) => {
      await answering(receiver, 'reply/quality', (query) =>
        query.reply('reply/quality', 'x', { priority: Priority.REAL_TIME }),
      );
      await known(sender, 'reply/quality');
      const [reply] = await all(await sender.get('reply/quality', QUALITY));
      expect(sampleOf(reply).priority()).toBe(Priority.BACKGROUND);
    },
  },
  {
    name: 'a query tells the quality that it was asked with',
    covers: ['+queryable', '+qos'],
    run: async ({ sender, receiver }) => {
      const queries: Query[] = [];
      await answering(receiver, 'reply/asked', async (query) => {
        queries.push(query);
        await query.reply('reply/asked', 'x');
      });
      await known(sender, 'reply/asked');
      queries.length = 0;
      await all(await sender.get('reply/asked', QUALITY));
      expect(queries[0]?.priority()).toBe(Priority.BACKGROUND);
      expect(queries[0]?.congestionControl()).toBe(CongestionControl.DROP);
      expect(queries[0]?.express()).toBe(true);
    },
  },
  {
    name: 'a query tells the congestion control that it was asked with, BLOCK_FIRST too',
    covers: ['+block-first', '+get'],
    run: async ({ sender, receiver }) => {
      const seen: CongestionControl[] = [];
      await answering(receiver, 'reply/congestion', async (query) => {
        seen.push(query.congestionControl());
        await query.reply('reply/congestion', 'x');
      });
      await known(sender, 'reply/congestion');
      seen.length = 0;
      const kinds = [CongestionControl.DROP, CongestionControl.BLOCK, CongestionControl.BLOCK_FIRST];
      for (const congestionControl of kinds) {
        const sample = await insist(() => sender.get('reply/congestion', { congestionControl, timeout: 250 }));
        expect(sample.congestionControl()).toBe(congestionControl);
      }
      expect([...new Set(seen)]).toEqual(kinds);
    },
  },
  {
    name: 'a get with BLOCK_FIRST carries its bytes as they were at the call, copied and counted',
    covers: ['+block-first', '+get'],
    run: async ({ sender, receiver }) => {
      const seen: string[] = [];
      await answering(receiver, 'reply/first', async (query) => {
        const bytes = [query.payload(), query.attachment()].map((part) => [...new Set(part?.toBytes())]);
        seen.push(JSON.stringify(bytes));
        await query.reply('reply/first', 'x');
      });
      await known(sender, 'reply/first');
      const congestionControl = CongestionControl.BLOCK_FIRST;
      await using querier = await sender.declareQuerier('reply/first', { congestionControl, timeout: 250 });
      const ask: ((payload: ZBytes, attachment: Uint8Array) => ReturnType<typeof querier.get>)[] = [
        (payload, attachment) => sender.get('reply/first', { payload, attachment, congestionControl, timeout: 250 }),
        (payload, attachment) => querier.get({ payload, attachment }),
      ];
      seen.length = 0;
      for (let i = 0; i < 5; i++) {
        for (const get of ask) {
          await insist(() => {
            const [source, note] = [bytes(100_000, 1), bytes(10_000, 1)];
            const payload = new ZBytes(source);
            const asking = get(payload, note);
            source.fill(2);
            note.fill(2);
            expect(payload.ledger.copiedFor('offload')).toBe(110_000);
            return asking;
          });
        }
      }
      expect(seen.length).toBeGreaterThan(9);
      expect(new Set(seen)).toEqual(new Set(['[[1],[1]]']));
    },
  },
  {
    name: 'a stored sample is refused for another key, when disposed, and after the end of the query',
    covers: ['-reply-sample'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('reply/refused');
      await sender.put('reply/refused', bytes(10_000, 1));
      const stored = await inbox.at(0);
      const codes: string[] = [];
      const held: Query[] = [];
      await answering(sender, 'reply/elsewhere', async (query) => {
        held.push(query);
        await query.replySample(stored).catch((error) => codes.push(error.code));
        stored[Symbol.dispose]();
        await query.replySample(stored).catch((error) => codes.push(error.code));
      });
      await all(await sender.get('reply/elsewhere'));
      await held[0]?.replySample(stored).catch((error) => codes.push(error.code));
      expect(codes).toEqual(['NETWORK', 'PAYLOAD_DISPOSED', 'QUERY_FINALIZED']);
    },
  },
];
