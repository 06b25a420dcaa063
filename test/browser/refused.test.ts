// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { Session } from '@zenoh-segments/core';
import { useChromium } from '../support/chromium.js';
import { freePort, isolated } from '../support/sessions.js';
import { openIn, refusalIn } from './page.js';
import { Served } from './served.js';

const browser = useChromium();

test('a port where nobody listens', async () => {
  const page = await browser.page();
  const locator = `ws/127.0.0.1:${await freePort()}`;
  expect(await refusalIn(page, locator)).toEqual({
    code: 'OPEN_FAILED',
    message: expect.stringContaining(
      `no WebSocket connection to ${locator.replace('/', '://')}/: it was refused with code 1006`,
    ),
  });
});

test('a web server that is no WebSocket server', async () => {
  const page = await browser.page();
  expect(await refusalIn(page, `ws/127.0.0.1:${browser.port}`)).toMatchObject({ code: 'OPEN_FAILED' });
});

test("zenoh's own listener for WebSockets", async () => {
  const config = isolated();
  const port = await freePort();
  config.insertJson5('listen/endpoints', `["ws/127.0.0.1:${port}"]`);
  await using _ = await Session.open(config);
  const page = await browser.page();
  expect(await refusalIn(page, `ws/127.0.0.1:${port}`, { messageResponseTimeoutMs: 1000 })).toEqual({
    code: 'NOT_REMOTE_API',
    message: `ws://127.0.0.1:${port}/ does not answer as a remote-api server does; zenoh's own \`ws/\` listeners are none`,
  });
});

test('what is no locator, and bad options', async () => {
  const page = await browser.page();
  expect(await refusalIn(page, 'tcp/127.0.0.1:7447')).toEqual({
    code: 'CONFIG_INVALID',
    message:
      '`tcp/127.0.0.1:7447` is no locator of a remote-api server: write `ws/<host>:<port>`, `wss/<host>:<port>` or a ws:// URL',
  });
  expect(await refusalIn(page, 'ws/127.0.0.1:1', { backlog: -1 })).toMatchObject({ code: 'INVALID_ARGUMENT' });
});

test('what a page can not have is said, not left out', async () => {
  await using served = await Served.start();
  const session = await openIn(await browser.page(), served.locator);
  const codes = await session.evaluate(async (session) => {
    const code = async (run: () => Promise<unknown>) => {
      try {
        await run();
      } catch (error) {
        return (error as InstanceType<typeof zenoh.CoreError>).code;
      }
      return 'done';
    };
    const config = new zenoh.Config('ws/127.0.0.1:1');
    return [
      await code(() => zenoh.Session.open(config, { serve: { websocket: 'ws/127.0.0.1:0' } })),
      await code(() => zenoh.scout(zenoh.WhatAmI.PEER, config)),
      await code(() => session.declareAdvancedPublisher('a')),
      await code(() => session.shmProvider()),
    ];
  });
  expect(codes).toEqual(['UNSUPPORTED', 'UNSUPPORTED', 'UNSUPPORTED', 'SHM_UNAVAILABLE']);
});

test('pages of other sites are refused, unless the server names them', async () => {
  await using served = await Served.start();
  const { locator, server } = served;
  const stranger = await browser.page({ host: 'stranger.test' });
  expect(await refusalIn(stranger, locator)).toMatchObject({ code: 'OPEN_FAILED' });
  expect(server.stats().refused).toEqual({ origin: 1, full: 0, handshake: 0 });
  const friend = await browser.page({ host: 'friend.test' });
  expect(await refusalIn(friend, locator)).toMatchObject({ code: 'OPEN_FAILED' });
  await using open = await Served.start({
    listen: 'ws/127.0.0.1:0',
    origins: [`http://friend.test:${browser.port}`],
  });
  const session = await openIn(friend, open.locator);
  expect(await session.evaluate((session) => session.connection())).toBe('connected');
  expect(await refusalIn(stranger, open.locator)).toMatchObject({ code: 'OPEN_FAILED' });
  // Pages of this machine need no permission.
  await openIn(await browser.page({ host: 'localhost' }), locator);
});
