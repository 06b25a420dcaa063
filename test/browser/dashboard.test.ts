// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { useChromium } from '../support/chromium.js';
import { Picture } from '../support/picture.js';
import { Program } from '../support/program.js';
import { freePort } from '../support/sessions.js';

const browser = useChromium(new URL('../../packages/examples/dashboard/dist', import.meta.url));
const robots = fileURLToPath(new URL('../../packages/examples/dist/dashboard/main.js', import.meta.url));

/** The program of the example, and the URL that it prints. */
async function start(http = 0, websocket = 0): Promise<[Program, string]> {
  const program = new Program(robots, ['--http', `${http}`, '--websocket', `${websocket}`]);
  await program.says('http://');
  return [program, program.stdout.split('\n')[0] as string];
}

test('its program says how it is used', async () => {
  const usage = expect.stringContaining('--websocket <port>');
  expect(await new Program(robots, ['--help']).ended()).toMatchObject({ code: 0, stdout: usage, stderr: '' });
  expect(await new Program(robots, ['--port', '1']).ended()).toMatchObject({ code: 2, stdout: '', stderr: usage });
});

test('a port in use is told in a line', async () => {
  const port = await freePort();
  await start(0, port);
  for (const options of [
    ['--http', '0', '--websocket', `${port}`],
    ['--http', `${browser.port}`, '--websocket', '0'],
  ]) {
    const { code, stdout, stderr } = await new Program(robots, options).ended();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^.*address (already )?in use.*; see `--(websocket|http)`\n$/i);
  }
});

test('the dashboard shows live data, in the table and in the chart', async () => {
  const [program, url] = await start();
  const page = await browser.page({ url });
  const speed = page.getByRole('row', { name: 'birch' }).getByRole('cell').first();
  await page.getByText('Connected', { exact: true }).waitFor();
  await page.getByRole('row', { name: 'cedar' }).waitFor();
  expect(await page.getByRole('row').count()).toBe(4);
  const seen = new Set<string | null>();
  while (seen.size < 5) seen.add(await speed.textContent());
  for (const text of seen) expect(text).toMatch(/^[0-3]\.\d\d$/);
  const chart = page.getByRole('img', { name: 'Speed of each robot' });
  const path = await chart.locator('path').first().getAttribute('d');
  expect(path).toMatch(/^M[\d.]+ [\d.]+(L[\d.]+ [\d.]+)+$/);
  // Telemetry is read in place.
  expect(await page.locator('#received').textContent()).toMatch(/^[1-9][\d,]* B$/);
  expect(await page.locator('#copied-in').textContent()).toBe('0 B');
  expect(await page.getByRole('row', { name: 'alder' }).getByRole('cell').last().textContent()).toBe('0');
  program.child.kill('SIGINT');
  expect(await program.ended()).toEqual({ code: 0, signal: null, stdout: `${url}\nclosed\n`, stderr: '' });
});

test('on the screen of a desk and of a phone there is a picture, and nothing sticks out', async () => {
  const [, url] = await start();
  const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-dashboard-'));
  const page = await browser.page({ url });
  await page.emulateMedia({ colorScheme: 'light' });
  // Three lines, each long enough to be seen.
  const long = 'Array.from(document.querySelectorAll("#chart path")).filter((line) => line.getTotalLength() > 60)';
  await page.waitForFunction(`${long}.length === 3`);
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    const file = join(folder, `${width}.png`);
    await page.screenshot({ path: file, fullPage: true });
    const whole = new Picture(readFileSync(file));
    expect(whole.size[0]).toBe(width);
    expect(whole.colours.size).toBeGreaterThan(100);
    const chart = new Picture(await page.locator('#chart').screenshot());
    for (const colour of ['#0b62c4', '#b4540a', '#0f7b55']) expect(chart.near(colour)).toBeGreaterThan(10);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  }
  rmSync(folder, { recursive: true });
});

test('the dashboard talks back, by a put and by a query', async () => {
  const [program, url] = await start();
  const page = await browser.page({ url });
  await page.getByRole('row', { name: 'cedar' }).waitFor();
  await page.getByLabel('Robot', { exact: true }).selectOption('birch');
  await page.getByRole('slider', { name: 'Not faster than' }).fill('0.5');
  await page.getByText('Not faster than 0.5 m/s').waitFor();
  await page.getByRole('button', { name: 'Set the limit' }).click();
  await program.says('birch: not faster than 0.5 m/s');
  await page.getByRole('button', { name: 'Ask for their status' }).click();
  const answers = page.getByRole('list', { name: 'Answers' });
  await answers.getByText(/^birch: on for \d+ s, \d+ m driven, limit 0\.5 m\/s$/).waitFor();
  await answers.getByText(/^alder: .* limit 1\.5 m\/s$/).waitFor();
  expect(await answers.getByRole('listitem').count()).toBe(3);
  // A text: written into memory once, and gathered into the message once.
  expect(await page.locator('#reasons').textContent()).toBe('convert 3 B, websocket 3 B');
});

test('the badge tells a lost connection and its gap, and data flows again', async () => {
  const [http, websocket] = [await freePort(), await freePort()];
  const [first, url] = await start(http, websocket);
  const page = await browser.page({ url });
  const badge = page.getByRole('status');
  const speed = page.getByRole('row', { name: 'birch' }).getByRole('cell').first();
  await speed.waitFor();
  first.child.kill('SIGKILL');
  await page.getByText(/^(Connection lost, r|R)econnecting/).waitFor();
  expect(await badge.getAttribute('data-state')).toBe('reconnecting');
  await page.getByRole('button', { name: 'Ask for their status' }).click();
  await page.getByText('That failed: there is no connection').waitFor();
  const before = await speed.textContent();
  await start(http, websocket);
  await page.getByText(/^Connected, after a gap of [\d,]+ ms$/).waitFor({ timeout: 6000 });
  expect(await badge.getAttribute('data-state')).toBe('connected');
  while ((await speed.textContent()) === before);
});

test('a page that is there before its server waits for it', async () => {
  const [http, websocket] = [await freePort(), await freePort()];
  // The page comes from elsewhere on this machine, as with `vite dev`.
  const page = await browser.page({ url: `http://localhost:${browser.port}/?port=${websocket}` });
  await page.getByText('No connection: no WebSocket connection to').waitFor();
  await start(http, websocket);
  await page.getByText('Connected', { exact: true }).waitFor();
  await page.getByRole('row', { name: 'alder' }).waitFor();
});
