// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { useChromium } from '../support/chromium.js';
import { openIn } from './page.js';
import { Served } from './served.js';

const browser = useChromium();

test('a page opens a session, which is at home in the session that serves it', async () => {
  await using served = await Served.start();
  const session = await openIn(await browser.page(), served.locator);
  const seen = await session.evaluate(async (session) => {
    const info = await session.info();
    return [session.zid().toString(), session.connection(), info.peersZid().map(String)];
  });
  expect(seen).toEqual([served.host.zid().toString(), 'connected', [served.peer.zid().toString()]]);
  expect(served.server.stats()).toMatchObject({ clients: 1, accepted: 1, malformed: 0 });
  await session.evaluate((session) => session.close());
  expect(await session.evaluate((session) => [session.isClosed(), session.connection()])).toEqual([true, 'closed']);
});

const pages = ['page/dist', '../../packages/examples/dashboard/dist'];

test.each(pages)(
  'what Vite makes of %s is for browsers alone: nothing of Node, no addon, no WebAssembly file',
  (page) => {
    const folder = fileURLToPath(new URL(page, import.meta.url));
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const names = files.map(({ name }) => name);
    expect(names.filter((name) => !/\.(html|js|css|map)$/.test(name))).toEqual([]);
    const scripts = files.filter(({ name }) => name.endsWith('.js'));
    expect(scripts).not.toEqual([]);
    for (const { parentPath, name } of scripts) {
      const text = readFileSync(`${parentPath}/${name}`, 'utf8');
      expect(text).not.toMatch(/["'`]node:[a-z]/);
      expect(text).not.toMatch(/\.node["'`]|\bdlopen\b|__vite-browser-external/);
      expect(text).not.toMatch(/\.wasm["'`]/);
    }
  },
);
