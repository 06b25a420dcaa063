// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { writeFileSync } from 'node:fs';
import { filling } from '../warm-up.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('../peer-process.mjs').PeerProcess} PeerProcess */
/** @typedef {'send' | 'receive'} Way */
/** Messages per second, and bytes that JavaScript copied for one. @typedef {{ rate: number, copied: number }} Measured */

export const LIMIT_MS = 60_000;
/** What is on its way at a time to the page: it has no way to slow the publisher down. */
const MOST_BYTES = 512 * 2 ** 20;
const FEWEST = 4;

/**
 * A fresh page with one library, which sends to the server or receives from it.
 *
 * @param {{ page: Page, server: PeerProcess, url: string, locator: string }} where
 * @param {{ library: 'zenoh-ts' | 'zenoh-segments', way: Way, size: number, seconds: number, profile: string | undefined }} what `profile` is a file
 * @returns {Promise<Measured>}
 */
export async function measure({ page, server, url, locator }, { library, way, size, seconds, profile }) {
  await page.goto(url);
  await page.waitForFunction(() => 'bench' in globalThis);
  await page.evaluate(({ library, locator }) => globalThis.bench.open(library, locator), { library, locator });
  const stop = profile === undefined ? undefined : await profiled(page, profile);
  const run = way === 'send' ? sending(page, server, size) : receiving(page, server, size);
  const most = Math.max(FEWEST, Math.floor(MOST_BYTES / size));
  const count = await filling(run, { seconds, warm: seconds / 3, fewest: FEWEST, most });
  const rate = count / (await run(count));
  await stop?.();
  const copied = await copies(page, server, way, size);
  await page.evaluate(() => globalThis.bench.close());
  return { rate, copied };
}

/** @param {Page} page @param {PeerProcess} server @param {number} size */
function sending(page, server, size) {
  return async (/** @type {number} */ count) => {
    server.say(`expect ${count}`);
    await server.hear('armed', LIMIT_MS);
    const begun = performance.now();
    await page.evaluate(({ count, size }) => globalThis.bench.send(count, size), { count, size });
    await server.hear('done', LIMIT_MS);
    return (performance.now() - begun) / 1000;
  };
}

/** @param {Page} page @param {PeerProcess} server @param {number} size */
function receiving(page, server, size) {
  return async (/** @type {number} */ count) => {
    await page.evaluate((count) => globalThis.bench.arm(count), count);
    const begun = performance.now();
    server.say(`send ${count} ${size}`);
    const { bytes } = await page.evaluate(() => globalThis.bench.arrived());
    if (bytes !== count * size) throw new Error(`${bytes} bytes came, not ${count * size}`);
    return (performance.now() - begun) / 1000;
  };
}

/** @param {Page} page @param {PeerProcess} server @param {Way} way @param {number} size @returns {Promise<number>} */
async function copies(page, server, way, size) {
  if (way === 'send') return page.evaluate((size) => globalThis.bench.copiesOfPut(size), size);
  await page.evaluate(() => globalThis.bench.watchSample());
  server.say(`send 1 ${size}`);
  return page.evaluate(() => globalThis.bench.copiesOfSample());
}

/** @param {Page} page @param {string} file */
async function profiled(page, file) {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.start');
  return async () => {
    const { profile } = await session.send('Profiler.stop');
    writeFileSync(file, JSON.stringify(profile));
  };
}
