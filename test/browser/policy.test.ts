// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Content-Security-Policy: what a page of this package needs of it, and what happens without.
import { expect, test } from '@jest/globals';
import { useChromium } from '../support/chromium.js';
import { openIn, refusalIn } from './page.js';
import { Served } from './served.js';

const browser = useChromium();
const policy = (scripts: string, connect: string) => ({
  'content-security-policy': `default-src 'none'; img-src data:; script-src ${scripts}; connect-src ${connect}`,
});

test('a page needs its own scripts, `wasm-unsafe-eval` for a dependency, and the server to connect to', async () => {
  await using served = await Served.start();
  const headers = policy("'self' 'wasm-unsafe-eval'", served.server.url);
  const session = await openIn(await browser.page({ headers }), served.locator);
  expect(await session.evaluate((session) => session.connection())).toBe('connected');
});

test('without `wasm-unsafe-eval` its script does not load', async () => {
  const page = await browser.page({ headers: policy("'self'", 'ws:') });
  expect(browser.uncaught().map(String)).toEqual([expect.stringContaining('CompileError: WebAssembly.Module()')]);
  expect(await page.evaluate('typeof zenoh')).toBe('undefined');
});

test('a server that the page may not connect to is told at once', async () => {
  await using served = await Served.start();
  const page = await browser.page({ headers: policy("'self' 'wasm-unsafe-eval'", "'self'") });
  const refused = await refusalIn(page, served.locator, { connectTimeoutMs: 60_000 });
  expect(refused).toEqual({
    code: 'OPEN_FAILED',
    message: `no WebSocket connection to ${served.server.url}/: this page may not open it: see \`connect-src\` of its Content-Security-Policy`,
  });
});

test('a page that came by HTTPS may not open what is not encrypted, which is said', async () => {
  const page = await browser.page();
  // A page that came encrypted may open no other connections than such.
  await page.route('https://secure.test/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: `http://127.0.0.1:${browser.port}${pathname}` }) });
  });
  await page.goto('https://secure.test/');
  expect(await refusalIn(page, 'ws/secure.test:10000')).toMatchObject({
    code: 'OPEN_FAILED',
    message: expect.stringContaining('HTTPS'),
  });
});
