// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { type Sample, Session } from '@zenoh-segments/core';
import { useChromium } from '../support/chromium.js';
import { matched } from '../support/matched.js';
import { program } from '../support/program.js';
import { connecting, freePort } from '../support/sessions.js';
import { openIn } from './page.js';
import { next } from './told.js';

const browser = useChromium();
const LIMIT_MS = 6000;

/** Everything that a page can have standing, and what became of it. */
async function stand(page: Awaited<ReturnType<typeof browser.page>>, locator: string) {
  const session = await openIn(page, locator);
  return session.evaluateHandle(async (session) => {
    const events = await session.connectionListener();
    const heard: string[] = [];
    await session.declareSubscriber('to/page', { handler: (sample) => heard.push(sample.payload().toString()) });
    await session.declareQueryable('ask/page', {
      handler: async (query) => {
        await query.reply('ask/page', 'here');
        await query.finalize();
      },
    });
    await session.liveliness().declareToken('alive/page');
    const publisher = await session.declarePublisher('from/page');
    const matching: boolean[] = [];
    await publisher.matchingListener({ handler: (status) => matching.push(status.matching()) });
    return { session, events, heard, publisher, matching };
  });
}

/** A process elsewhere finds all that stands in the page, and what it sends gets through both ways. */
async function checkData(page: Awaited<ReturnType<typeof stand>>, tcp: number): Promise<void> {
  await using peer = await Session.open(connecting(tcp));
  const fromPage = await peer.declareSubscriber('from/page');
  await matched(peer, 'to/page');
  await peer.put('to/page', 'hello');
  const querier = await peer.declareQuerier('ask/page');
  await next(await querier.matchingListener());
  const reply = (await (await querier.get())!.receive()).result();
  expect(reply.payload().toString()).toBe('here');
  const alive = (await (await peer.liveliness().get('alive/*'))!.receive()).result() as Sample;
  expect(alive.keyexpr().toString()).toBe('alive/page');
  await page.evaluate(async ({ session, publisher, heard, matching }) => {
    const until = async (holds: () => boolean | Promise<boolean>) => {
      while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await until(() => matching.at(-1) === true);
    await publisher.put('by the publisher');
    await session.put('from/page', 'by the session');
    await until(() => heard.at(-1) === 'hello');
  });
  expect((await next(fromPage)).payload().toString()).toBe('by the publisher');
  expect((await next(fromPage)).payload().toString()).toBe('by the session');
}

test('a server that is killed and started again: the page tells the gap, and all stands again', async () => {
  const [websocket, tcp] = [await freePort(), await freePort()];
  const args = [`${websocket}`, `${tcp}`];
  const first = program(import.meta.url, 'server', args);
  await first.says('serving');
  const standing = await stand(await browser.page(), `ws/127.0.0.1:${websocket}`);
  await checkData(standing, tcp);

  const inFlight = standing.evaluate(async ({ session }) => {
    try {
      for await (const _ of (await session.get('silent', { timeout: 60_000 }))!);
    } catch (error) {
      return (error as InstanceType<typeof zenoh.CoreError>).code;
    }
    return 'ended';
  });
  await first.says('asked');
  first.child.kill('SIGKILL');
  expect(await inFlight).toBe('DISCONNECTED');
  const down = await standing.evaluate(async ({ session, events }) => {
    const lost = await helpers.next(events);
    const failed = await helpers.next(events);
    const code = await session.put('a', 'b').catch((error) => error.code);
    if (lost.kind !== 'lost' || failed.kind !== 'failed') throw new Error(`${lost.kind}, ${failed.kind}`);
    const { error, unsent } = lost;
    return { lost: [error.code, unsent], failed: [failed.attempt, failed.error.code], code, is: session.connection() };
  });
  expect(down).toEqual({
    lost: ['DISCONNECTED', 0],
    failed: [1, 'OPEN_FAILED'],
    code: 'DISCONNECTED',
    is: 'reconnecting',
  });

  const second = program(import.meta.url, 'server', args);
  await second.says('serving');
  const begun = performance.now();
  const restored = await standing.evaluate(async ({ session, events, matching }) => {
    matching.length = 0;
    for await (const event of events) {
      if (event.kind !== 'restored') continue;
      const { gap, attempts, declared, refused } = event;
      return { gap, attempts, declared, refused: refused.length, is: session.connection() };
    }
    throw new Error('the session ended');
  });
  await checkData(standing, tcp);
  expect(performance.now() - begun).toBeLessThan(LIMIT_MS);
  // Subscriber, queryable, token, publisher and its listener.
  expect(restored).toMatchObject({ declared: 5, refused: 0, is: 'connected' });
  expect(restored.gap).toBeGreaterThan(0);
  expect(restored.attempts).toBeGreaterThan(1);
});

test('a session that is told not to reconnect ends with its server', async () => {
  const websocket = await freePort();
  const server = program(import.meta.url, 'server', [`${websocket}`, `${await freePort()}`]);
  await server.says('serving');
  const session = await openIn(await browser.page(), `ws/127.0.0.1:${websocket}`, { reconnect: false });
  const subscriber = await session.evaluateHandle((session) => session.declareSubscriber('a'));
  server.child.kill('SIGKILL');
  const ended = await subscriber.evaluate(async (subscriber) => {
    try {
      for await (const _ of subscriber);
    } catch (error) {
      return (error as InstanceType<typeof zenoh.CoreError>).code;
    }
    return 'ended';
  });
  expect(ended).toBe('DISCONNECTED');
  expect(await session.evaluate((session) => [session.connection(), session.isClosed()])).toEqual(['closed', true]);
});
