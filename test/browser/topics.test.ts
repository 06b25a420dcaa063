// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { structCodec, topic } from '@zenoh-segments/capnp';
import { Telemetry } from '../golden/capnp/telemetry.js';
import { useChromium } from '../support/chromium.js';
import { openIn } from './page.js';
import { Served } from './served.js';

const browser = useChromium();
const KEY = 'robots/{robot}/telemetry';

test('a page answers on a topic what a process asks there, and gets what it publishes', async () => {
  await using served = await Served.start();
  const robots = topic(structCodec(Telemetry), { key: KEY });
  const session = await openIn(await browser.page(), served.locator);
  const subscribed = await session.evaluateHandle(async (session, key) => {
    const robots = capnpPayloads.topic(capnpPayloads.structCodec(Telemetry), { key });
    const invalid: string[] = [];
    const subscriber = await robots.declareSubscriber(session, {}, { onInvalid: ({ code }) => invalid.push(code) });
    await robots.declareQueryable(
      session,
      { robot: 'page' },
      {
        handler: (query) =>
          query.reply((root) => {
            root.name = `asked for ${query.params.robot}`;
          }),
      },
    );
    return { subscriber, invalid };
  }, KEY);

  // Asked until the peer knows of the page's queryable, which was declared after its subscriber.
  const names: string[] = [];
  while (names.length === 0) {
    for await (const { message, params } of robots.get(served.peer)) names.push(`${params.robot}: ${message.name}`);
  }
  expect(names).toEqual(['page: asked for *']);
  await served.peer.put('robots/r1/telemetry', 'no message', { encoding: 'text/plain' });
  const publisher = await robots.declarePublisher(served.peer, { robot: 'r1' });
  await publisher.put((root) => {
    root.name = 'from a process';
  });
  const received = subscribed.evaluate(async ({ subscriber, invalid }) => {
    for await (const { message, params } of subscriber) return [params.robot, message.name, ...invalid];
    return [];
  });
  expect(await received).toEqual(['r1', 'from a process', 'CAPNP_TYPE']);
});
