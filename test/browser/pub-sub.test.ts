// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { CongestionControl, Priority, SampleKind } from '@zenoh-segments/core';
import { useChromium } from '../support/chromium.js';
import { openIn } from './page.js';
import { Served } from './served.js';
import { next, told } from './told.js';

const browser = useChromium();

test('what a page publishes arrives in a process, with all its fields', async () => {
  await using served = await Served.start();
  const subscriber = await served.peer.declareSubscriber('page/**');
  const session = await openIn(await browser.page(), served.locator);
  const timestamp = await session.evaluate(async (session) => {
    const publisher = await session.declarePublisher('page/a', {
      encoding: 'text/plain',
      priority: zenoh.Priority.REAL_TIME,
      congestionControl: zenoh.CongestionControl.BLOCK,
      express: true,
    });
    const matching = await publisher.matchingListener();
    await helpers.next(matching);
    const timestamp = await session.newTimestamp();
    await publisher.put('from the page', { attachment: 'beside it', timestamp });
    await publisher.put('as JSON', { encoding: 'application/json;v1' });
    await publisher.delete();
    await session.put('page/once', 'by the session');
    return timestamp.toString();
  });
  const quality = { priority: Priority.REAL_TIME, congestionControl: CongestionControl.BLOCK, express: true };
  const put = { key: 'page/a', kind: SampleKind.PUT, attachment: undefined, timestamp: undefined, ...quality };
  const received = [];
  while (received.length < 4) received.push(told(await next(subscriber)));
  expect(received).toEqual([
    { ...put, text: 'from the page', encoding: 'text/plain', attachment: 'beside it', timestamp },
    { ...put, text: 'as JSON', encoding: 'application/json;v1' },
    expect.objectContaining({ ...quality, key: 'page/a', kind: SampleKind.DELETE, text: '' }),
    expect.objectContaining({ key: 'page/once', text: 'by the session', encoding: 'zenoh/bytes' }),
  ]);
});

test('what a process publishes arrives in a page, with all its fields, in order', async () => {
  await using served = await Served.start();
  const session = await openIn(await browser.page(), served.locator);
  const subscriber = await session.evaluateHandle((session) => session.declareSubscriber('process/**'));
  const publisher = await served.peer.declarePublisher('process/a', {
    encoding: 'text/plain',
    priority: Priority.DATA_HIGH,
    congestionControl: CongestionControl.BLOCK,
    express: true,
  });
  await next(await publisher.matchingListener());
  const timestamp = await served.peer.newTimestamp();
  await publisher.put('from the process', { attachment: 'beside it', timestamp });
  for (let i = 0; i < 500; i++) await publisher.put(`${i}`);
  await publisher.delete();
  const received = await subscriber.evaluate(async (subscriber) => {
    const received: ReturnType<typeof helpers.told>[] = [];
    for await (const sample of subscriber) {
      received.push(helpers.told(sample));
      if (sample.kind() === zenoh.SampleKind.DELETE) break;
    }
    return received;
  });
  const quality = { priority: Priority.DATA_HIGH, congestionControl: CongestionControl.BLOCK, express: true };
  expect(received[0]).toEqual({
    key: 'process/a',
    kind: SampleKind.PUT,
    text: 'from the process',
    encoding: 'text/plain',
    attachment: 'beside it',
    timestamp: timestamp.toString(),
    ...quality,
  });
  expect(received.slice(1, -1).map(({ text }) => text)).toEqual(Array.from({ length: 500 }, (_, i) => `${i}`));
  expect(received.at(-1)).toMatchObject({ ...quality, key: 'process/a', kind: SampleKind.DELETE, text: '' });
});

test('two pages hear each other', async () => {
  await using served = await Served.start();
  const left = await openIn(await browser.page(), served.locator);
  const right = await openIn(await browser.page(), served.locator);
  const heard = await right.evaluateHandle((session) => session.declareSubscriber('pages'));
  await left.evaluate(async (session) => {
    const publisher = await session.declarePublisher('pages');
    await helpers.next(await publisher.matchingListener());
    await publisher.put('hello');
  });
  expect(await heard.evaluate(async (heard) => (await helpers.next(heard)).payload().toString())).toBe('hello');
  expect(served.server.stats()).toMatchObject({ clients: 2, malformed: 0, failed: 0 });
});
