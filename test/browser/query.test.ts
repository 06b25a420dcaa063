// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { ConsolidationMode, ReplyError, type Sample } from '@zenoh-segments/core';
import { useChromium } from '../support/chromium.js';
import { until } from '../support/until.js';
import { openIn } from './page.js';
import { Served } from './served.js';
import { next } from './told.js';

const browser = useChromium();

test('a page asks a process', async () => {
  await using served = await Served.start();
  await served.peer.declareQueryable('process/*', {
    handler: async (query) => {
      const { text, attachment } = { text: query.payload()?.toString(), attachment: query.attachment()?.toString() };
      const parameters = query.parameters().toString();
      await query.reply('process/one', `${parameters}, ${text}, ${attachment}, ${query.encoding()}`, {
        encoding: 'text/plain',
        attachment: 'beside the reply',
      });
      await query.replyDel('process/two');
      await query.replyErr('not more', { encoding: 'text/plain' });
      await query.finalize();
    },
  });
  const session = await openIn(await browser.page(), served.locator);
  const replies = await session.evaluate(async (session) => {
    const querier = await session.declareQuerier('process/*');
    await helpers.next(await querier.matchingListener());
    const told: object[] = [];
    // Otherwise zenoh keeps samples back until it knows that no later one comes.
    const consolidation = zenoh.ConsolidationMode.NONE;
    const asked = { payload: 'question', attachment: 'beside it', encoding: 'text/plain', consolidation };
    for await (const reply of (await session.get('process/*?how=fast', asked))!) {
      const result = reply.result();
      if (result instanceof zenoh.Sample) told.push(helpers.told(result));
      else told.push({ error: result.payload().toString(), encoding: result.encoding().toString() });
    }
    // The same, by way of the querier.
    let again = 0;
    for await (const _ of (await querier.get({ payload: 'question' }))!) again++;
    return { told, again };
  });
  expect(replies).toEqual({
    told: [
      expect.objectContaining({
        key: 'process/one',
        text: 'how=fast, question, beside it, text/plain',
        encoding: 'text/plain',
        attachment: 'beside the reply',
      }),
      expect.objectContaining({ key: 'process/two', kind: 1 }),
      { error: 'not more', encoding: 'text/plain' },
    ],
    again: 3,
  });
});

test('a process asks a page', async () => {
  await using served = await Served.start();
  const session = await openIn(await browser.page(), served.locator);
  await session.evaluate(async (session) => {
    await session.declareQueryable('page/*', {
      handler: async (query) => {
        const text = query.payload()?.toString();
        await query.replySegments('page/one', [new TextEncoder().encode(`${text}, `), Uint8Array.of(0x6f, 0x6b)], {
          attachment: query.parameters().toString(),
        });
        await query.replyErr('and no more');
        await query.finalize();
      },
    });
  });
  const querier = await served.peer.declareQuerier('page/*', { consolidation: ConsolidationMode.NONE });
  const listener = await querier.matchingListener();
  await next(listener);
  const results = [];
  for await (const reply of (await querier.get({ payload: 'question', parameters: 'a=1' }))!)
    results.push(reply.result());
  const [first, second] = results as [Sample, ReplyError];
  expect(first.payload().toString()).toBe('question, ok');
  expect(first.attachment()?.toString()).toBe('a=1');
  expect(second).toBeInstanceOf(ReplyError);
  expect(second.payload().toString()).toBe('and no more');
  expect(results).toHaveLength(2);
});

test('a get that nobody answers ends with its timeout, and one that is cancelled at once', async () => {
  await using served = await Served.start();
  const session = await openIn(await browser.page(), served.locator);
  const queries: unknown[] = [];
  await served.host.declareQueryable('silent', { handler: (query) => queries.push(query) });
  const ended = await session.evaluate(async (session) => {
    const count = async (receiver: Awaited<ReturnType<typeof session.get>>) => {
      let replies = 0;
      for await (const _ of receiver!) replies++;
      return replies;
    };
    const begun = performance.now();
    const late = await count(await session.get('silent', { timeout: zenoh.Duration.milliseconds.of(300) }));
    const waited = performance.now() - begun;
    const cancel = new AbortController();
    const cancelled = count(await session.get('silent', { signal: cancel.signal, timeout: 60_000 }));
    cancel.abort();
    return { late, enough: waited > 250, cancelled: await cancelled };
  });
  expect(ended).toMatchObject({ enough: true, cancelled: 0 });
  await until('both were asked', () => queries.length === 2);
});

test('tokens of a page and of a process are seen by the other', async () => {
  await using served = await Served.start();
  const seen: [string, number][] = [];
  await served.peer.liveliness().declareSubscriber('alive/*', {
    history: true,
    handler: (sample) => seen.push([sample.keyexpr().toString(), sample.kind()]),
  });
  // Kept: a native token that nobody holds ends when it is collected.
  await using _kept = await served.peer.liveliness().declareToken('alive/process');
  const session = await openIn(await browser.page(), served.locator);
  const token = await session.evaluateHandle((session) => session.liveliness().declareToken('alive/page'));
  await until('the page is seen', () => seen.some(([key]) => key === 'alive/page'));
  const alive = await session.evaluate(async (session) => {
    const subscriber = await session.liveliness().declareSubscriber('alive/*', { history: true });
    const first = [await helpers.next(subscriber), await helpers.next(subscriber)];
    const keys = first.map((sample) => sample.keyexpr().toString());
    const got: string[] = [];
    for await (const reply of (await session.liveliness().get('alive/*'))!) {
      got.push((reply.result() as InstanceType<typeof zenoh.Sample>).keyexpr().toString());
    }
    return [keys.sort(), got.sort()];
  });
  const both = ['alive/page', 'alive/process'];
  expect(alive).toEqual([both, both]);
  await token.evaluate((token) => token.undeclare());
  await until('its end is seen', () => seen.some(([key, kind]) => key === 'alive/page' && kind === 1));
});
