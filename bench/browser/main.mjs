// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { env, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { chromium } from 'playwright-core';
import { max, median, min } from 'simple-statistics';
import sirv from 'sirv';
import { machine, machineText, packageVersion } from '../machine.mjs';
import { PeerProcess } from '../peer-process.mjs';
import { report, run } from '../report.mjs';
import { number, sizeText } from '../table.mjs';
import { LIMIT_MS, measure } from './measurement.mjs';
import { readOptions } from './options.mjs';

const LIBRARIES = /** @type {const} */ (['zenoh-ts', 'zenoh-segments']);
const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));

/** @typedef {import('./measurement.mjs').Measured} Measured */
/** @typedef {{ size: number, way: import('./measurement.mjs').Way, theirs: Measured[], ours: Measured[] }} Result */

/** Runs the bench in a browser. @param {string[]} args @returns {Promise<number>} the exit code */
export function main(args) {
  return run(
    () => readOptions(args),
    async ({ json, ...options }) => {
      const { version, results } = await inBrowser(options);
      const about = machine({
        Chromium: version,
        '@zenoh-segments/core': packageVersion('../packages/core/package.json'),
        'zenoh-ts': packageVersion('node_modules/@eclipse-zenoh/zenoh-ts/package.json'),
      });
      const { rounds, seconds } = options;
      console.log(`${machineText(about)}\n${rounds} rounds of about ${seconds} s, in turns; messages/s are medians\n`);
      console.log(table(results));
      report({ failures: [], json, data: { machine: about, rounds, seconds, results } });
    },
  );
}

/** @param {Omit<import('./options.mjs').Options, 'json'>} options */
async function inBrowser({ sizes, rounds, seconds, profile }) {
  const built = spawnSync(execPath, [path('../node_modules/vite/bin/vite.js'), 'build', path('page')], {
    stdio: ['ignore', 2, 'inherit'],
  });
  if (built.status !== 0) throw new Error('the page could not be built');
  if (profile !== undefined) mkdirSync(profile, { recursive: true });
  const pages = createServer(sirv(path('../dist/page'))).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (pages.address());
  const server = new PeerProcess('server', { command: execPath, args: [path('server.mjs')] });
  const executablePath = env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  try {
    const locator = await server.hear('ready', LIMIT_MS);
    /** @type {Result[]} */
    const results = [];
    for (const size of sizes) {
      for (const way of /** @type {const} */ (['send', 'receive'])) {
        /** @type {Record<typeof LIBRARIES[number], Measured[]>} */
        const measured = { 'zenoh-ts': [], 'zenoh-segments': [] };
        for (let round = 1; round <= rounds; round++) {
          // A B A B: what disturbs the machine disturbs both.
          for (const library of LIBRARIES) {
            console.error(`${sizeText(size)}, ${way}, round ${round} of ${rounds}, ${library}`);
            const page = await browser.newPage();
            const file = profile && `${profile}/${library}-${way}-${size}-${round}.cpuprofile`;
            const where = { page, server, url: `http://127.0.0.1:${port}/`, locator };
            measured[library].push(await measure(where, { library, way, size, seconds, profile: file }));
            await page.close();
          }
        }
        results.push({ size, way, theirs: measured['zenoh-ts'], ours: measured['zenoh-segments'] });
      }
    }
    return { version: browser.version(), results };
  } finally {
    await browser.close();
    await server.end();
    pages.close();
  }
}

/** @param {readonly Result[]} results */
function table(results) {
  const head = ['payload', 'way', 'zenoh-ts', 'zenoh-segments', 'ratio', 'min..max', 'copied/byte, zenoh-ts', 'ours'];
  const rows = results.map(({ size, way, theirs, ours }) => {
    const ratios = ours.map(({ rate }, round) => rate / (theirs[round]?.rate ?? Number.NaN));
    const rate = (/** @type {Measured[]} */ all) => number(median(all.map((each) => each.rate)));
    const perByte = (/** @type {Measured[]} */ all) => ((all[0]?.copied ?? Number.NaN) / size).toFixed(2);
    const spread = `${min(ratios).toFixed(2)}..${max(ratios).toFixed(2)}`;
    return [
      sizeText(size),
      way,
      rate(theirs),
      rate(ours),
      median(ratios).toFixed(2),
      spread,
      perByte(theirs),
      perByte(ours),
    ];
  });
  return markdownTable([head, ...rows], { align: ['r', 'l', 'r', 'r', 'r', 'r', 'r', 'r'] });
}
