// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import {
  CancellationToken,
  ConsolidationMode,
  type CoreError,
  Duration,
  type Query,
  QueryTarget,
  ReplyError,
  ReplyKeyExpr,
  Sample,
  SampleKind,
} from '@zenoh-segments/core';
import { until } from '../../support/until.js';
import { all, answering, known, sampleOf } from '../asking.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

export const queries: Case[] = [
  {
    name: 'a get gets every reply, and its channel ends by itself',
    covers: ['+get', '+put', '+queryable', '+encoding', '+attachment'],
    run: async ({ sender, receiver }) => {
      await answering(receiver, 'query/one', async (query) => {
        await query.reply('query/one', 'first', { encoding: 'text/plain', attachment: 'note' });
        await query.reply('query/one', 'second');
      });
      await known(sender, 'query/one');
      const replies = await all(await sender.get('query/one', { consolidation: ConsolidationMode.NONE }));
      expect(replies.map((reply) => sampleOf(reply).payload().toString())).toEqual(['first', 'second']);
      expect(sampleOf(replies[0]).encoding().toString()).toBe('text/plain');
      expect(sampleOf(replies[0]).attachment()?.toString()).toBe('note');
      expect(sampleOf(replies[0]).keyexpr().toString()).toBe('query/one');
    },
  },
  {
    name: 'parameters, payload, encoding and attachment of a get arrive, many segments included',
    covers: ['+get', '+queryable', '+segments'],
    run: async ({ sender, receiver }) => {
      const seen: string[] = [];
      await answering(receiver, 'query/asked', async (query) => {
        seen.push(
          query.selector().toString(),
          query.parameters().get('a') ?? '',
          `${query.payload()?.length}`,
          `${query.encoding()?.toString()}`,
          `${query.attachment()?.toString()}`,
          `${query.acceptsReplies() === ReplyKeyExpr.MATCHING_QUERY}`,
        );
        await query.replySegments('query/asked', [bytes(5_000, 1), bytes(100_000, 2)]);
      });
      await known(sender, 'query/asked');
      seen.length = 0;
      const [reply] = await all(
        await sender.get('query/asked?a=1;b=2', {
          payload: new Uint8Array(70_000),
          encoding: 'application/cbor',
          attachment: 'why',
        }),
      );
      expect(seen).toEqual(['query/asked?a=1;b=2', '1', '70000', 'application/cbor', 'why', 'true']);
      const payload = sampleOf(reply).payload();
      expect(payload.length).toBe(105_000);
      expect([payload.range(4_999, 5_000)[0], payload.range(5_000, 5_001)[0]]).toEqual([1, 2]);
    },
  },
  {
    name: 'errors and deletions are replies too',
    covers: ['+queryable'],
    run: async ({ sender, receiver }) => {
      await answering(receiver, 'query/others', async (query) => {
        await query.replyErr('not today', { encoding: 'text/plain' });
        await query.replyDel('query/others');
      });
      await known(sender, 'query/others');
      const replies = await all(await sender.get('query/others', { consolidation: ConsolidationMode.NONE }));
      const error = replies.map((reply) => reply.result()).find((result) => result instanceof ReplyError);
      expect(error?.payload().toString()).toBe('not today');
      expect(error?.encoding().toString()).toBe('text/plain');
      const deleted = replies.map((reply) => reply.result()).find((result) => result instanceof Sample);
      expect((deleted as Sample).kind()).toBe(SampleKind.DELETE);
    },
  },
  {
    name: 'a queryable of the same session shares the very objects, both ways',
    covers: ['+queryable', '+segments'],
    run: async ({ sender }) => {
      const question = bytes(10, 1);
      const answer = bytes(10_000, 2);
      const asked: unknown[] = [];
      await answering(sender, 'query/local', async (query) => {
        asked.push(query.payload()?.segments()[0]);
        await query.reply('query/local', answer);
      });
      const [reply] = await all(
        await sender.get('query/local', { payload: question, consolidation: ConsolidationMode.NONE }),
      );
      expect(asked[0]).toBe(question);
      expect(sampleOf(reply).payload().segments()[0]).toBe(answer);
    },
  },
  {
    name: 'a query that nobody answers ends at its timeout, and one that is finalized ends at once',
    covers: ['-get', '-queryable'],
    run: async ({ sender }) => {
      const held: Query[] = [];
      await sender.declareQueryable('query/held', { handler: (query) => held.push(query) });
      const late = await all(await sender.get('query/held', { timeout: Duration.milliseconds.of(50) }));
      // zenoh tells the timeout as an error reply.
      expect(late.map((reply) => (reply.result() as ReplyError).payload().toString())).toEqual(['Timeout']);
      const waiting = all(await sender.get('query/held', { timeout: 60_000 }));
      await until('the second query came', () => held.length === 2);
      await held[1]?.finalize();
      expect(await waiting).toEqual([]);
      await expect(held[1]?.reply('query/held', 'late')).rejects.toMatchObject({ code: 'QUERY_FINALIZED' });
    },
  },
  {
    name: 'an abort signal and a token end a get',
    covers: ['+cancellation', '-cancellation'],
    run: async ({ sender }) => {
      await sender.declareQueryable('query/cancelled', { handler: () => new Promise(() => {}) });
      const controller = new AbortController();
      const token = new CancellationToken();
      const bySignal = all(await sender.get('query/cancelled', { timeout: 60_000, signal: controller.signal }));
      const byToken = all(await sender.get('query/cancelled', { timeout: 60_000, cancellationToken: token }));
      controller.abort();
      token.cancel();
      expect(await Promise.all([bySignal, byToken])).toEqual([[], []]);
      const refused = sender.get('query/cancelled', { signal: controller.signal });
      await expect(refused).rejects.toMatchObject({ code: 'CANCELLED' });
    },
  },
  {
    name: 'a querier asks with its settings, until it is undeclared',
    covers: ['+querier', '-querier'],
    run: async ({ sender, receiver }) => {
      await answering(receiver, 'query/often', (query) =>
        query.reply('query/often', `${query.parameters().get('n')} ${query.payload()?.toString()}`),
      );
      await known(sender, 'query/often');
      const querier = await sender.declareQuerier('query/often', { target: QueryTarget.ALL, timeout: 5000 });
      for (const n of ['1', '2']) {
        const [reply] = await all(await querier.get({ parameters: `n=${n}`, payload: 'x' }));
        expect(sampleOf(reply).payload().toString()).toBe(`${n} x`);
      }
      await querier.undeclare();
      await expect(querier.get()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    },
  },
  {
    name: 'a reply on a key that does not match is refused, unless the get accepts any',
    covers: ['-queryable', '+get'],
    run: async ({ sender }) => {
      const refused: CoreError[] = [];
      await answering(sender, 'query/strict', async (query) => {
        await query.reply('other/key', 'x').catch((error) => refused.push(error));
      });
      await all(await sender.get('query/strict'));
      expect(refused).toMatchObject([
        {
          code: 'NETWORK',
          message: expect.stringContaining('`other/key`, which does not intersect with query `query/strict`'),
        },
      ]);
      const replies = await all(await sender.get('query/strict', { acceptReplies: ReplyKeyExpr.ANY }));
      expect(sampleOf(replies[0]).keyexpr().toString()).toBe('other/key');
    },
  },
];
