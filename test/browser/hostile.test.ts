// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { useChromium } from '../support/chromium.js';
import { FakeServer, PING, SESSION_INFO } from '../support/fake-server.js';
import { openIn, refusalIn } from './page.js';
import { noise } from './told.js';

const browser = useChromium();
let server: FakeServer;
beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.kill());

/** From now on, this is what the server says to whatever comes; after it has greeted, unless it shall not. */
function say(garbage: Uint8Array | string, greets = true): void {
  server.onMessage = ({ kind }, socket) => {
    if (greets && (kind === PING || kind === SESSION_INFO)) return false;
    socket.send(garbage);
    return true;
  };
}

async function isAlive(page: Page): Promise<void> {
  expect(await page.evaluate(() => new Promise((resolve) => setTimeout(() => resolve('alive'), 0)))).toBe('alive');
}

const GARBAGE: [string, Uint8Array | string][] = [
  ['a text', 'hello'],
  ['nothing', new Uint8Array(0)],
  ['an unknown kind', Uint8Array.of(0x7f, 1, 2, 3)],
  ['an answer cut short', Uint8Array.of(0x81, 0, 0)],
  ['a sample without an end', Uint8Array.of(5, 1, 0, 0, 0, 200)],
  [
    'a sample of an absurd length',
    Uint8Array.of(5, 1, 0, 0, 0, 1, 0x61, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
  ],
  ['noise', noise(11, 4096)],
];

test('a server that greets with garbage is none', async () => {
  const page = await browser.page();
  for (const [name, garbage] of GARBAGE) {
    say(garbage, false);
    const refusal = await refusalIn(page, server.locator, { messageResponseTimeoutMs: 500 });
    expect([name, refusal.code]).toEqual([name, 'NOT_REMOTE_API']);
  }
  await isAlive(page);
});

test('a server that never says anything is given up', async () => {
  const page = await browser.page();
  server.onMessage = () => true;
  expect(await refusalIn(page, server.locator, { messageResponseTimeoutMs: 200 })).toMatchObject({
    code: 'NOT_REMOTE_API',
  });
});

test('garbage in the middle of a session ends its connection with a typed error', async () => {
  const page = await browser.page();
  for (const [name, garbage] of GARBAGE) {
    const options = { reconnect: false, messageResponseTimeoutMs: 500 } as const;
    say(garbage);
    const session = await openIn(page, server.locator, options);
    const ended = await session.evaluate(async (session) => {
      const events = await session.connectionListener();
      const declared = session.declareSubscriber('a').catch((error) => error.code);
      const event = await helpers.next(events);
      return [await declared, event.kind === 'lost' && event.error.code, session.connection()];
    });
    expect([name, ...ended]).toEqual([name, 'NOT_REMOTE_API', 'NOT_REMOTE_API', 'closed']);
  }
  await isAlive(page);
});

test('what is for nobody is no offence, and a request that nobody answers fails in time', async () => {
  const page = await browser.page();
  // A sample for what was never declared, as it may come after an undeclaration.
  const stray = Uint8Array.of(5, 1, 2, 3, 4);
  say(stray);
  const session = await openIn(page, server.locator, { messageResponseTimeoutMs: 500 });
  const ended = await session.evaluate(async (session) => {
    const code = await session.declareSubscriber('a').catch((error) => error.code);
    return [code, session.connection()];
  });
  expect(ended).toEqual(['NETWORK', 'connected']);
});
