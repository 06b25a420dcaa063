// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { useChromium } from '../support/chromium.js';
import { Program } from '../support/program.js';
import { freePort } from '../support/sessions.js';

const browser = useChromium();
const path = (relative: string) => fileURLToPath(new URL(`../../packages/examples/${relative}`, import.meta.url));

test('the dashboard works from `vite dev`, which bundles the dependencies by itself', async () => {
  const [http, websocket] = [await freePort(), await freePort()];
  // As after a fresh install.
  rmSync(path('node_modules/.vite'), { recursive: true, force: true });
  const robots = new Program(path('dist/dashboard/main.js'), ['--http', '0', '--websocket', `${websocket}`]);
  const vite = new Program(path('node_modules/vite/bin/vite.js'), [
    path('dashboard'),
    '--port',
    `${http}`,
    '--strictPort',
  ]);
  await vite.says('ready in');
  await robots.says('http://');
  const page = await browser.page({ url: `http://localhost:${http}/?port=${websocket}` });
  await page.getByText('Connected', { exact: true }).waitFor();
  await page.getByRole('row', { name: 'cedar' }).waitFor();
  expect(await page.getByRole('row').count()).toBe(4);
  expect(vite.stderr).toBe('');
});
