// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { useChromium } from '../support/chromium.js';
import { matched } from '../support/matched.js';
import { until } from '../support/until.js';
import { openIn } from './page.js';
import { Served } from './served.js';

const browser = useChromium();

test.each(['is closed', 'goes elsewhere', 'closes its session'])(
  'nothing stands any more when a page %s',
  async (how) => {
    await using served = await Served.start();
    const page = await browser.page();
    const session = await openIn(page, served.locator);
    await session.evaluate(async (session) => {
      await session.liveliness().declareToken('alive/page');
      await session.declareSubscriber('to/page', { handler: () => {} });
      await session.declareQueryable('ask/page', { handler: () => {} });
    });
    const kinds: number[] = [];
    const watch = { history: true, handler: (sample: { kind(): number }) => void kinds.push(sample.kind()) };
    await served.peer.liveliness().declareSubscriber('alive/page', watch);
    await until('the page is alive', () => kinds.length === 1);
    await matched(served.peer, 'to/page');
    const publisher = await served.peer.declarePublisher('to/page');
    const querier = await served.peer.declareQuerier('ask/page');
    const matching: string[] = [];
    await publisher.matchingListener({ handler: (status) => void matching.push(`subscriber ${status.matching()}`) });
    await querier.matchingListener({ handler: (status) => void matching.push(`queryable ${status.matching()}`) });
    await until('both match', () => matching.length === 2);

    if (how === 'is closed') await page.close();
    else if (how === 'goes elsewhere') await page.goto('about:blank');
    else await session.evaluate((session) => session.close());

    await until('its token is gone', () => kinds.length === 2);
    await until('its subscriber and its queryable are gone', () => matching.length === 4);
    await until('its client is gone', () => served.server.stats().clients === 0);
    expect(kinds).toEqual([0, 1]);
    expect(matching.sort()).toEqual(['queryable false', 'queryable true', 'subscriber false', 'subscriber true']);
    expect(served.server.stats()).toMatchObject({ accepted: 1, malformed: 0 });
  },
);
