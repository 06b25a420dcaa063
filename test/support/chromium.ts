// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { accessSync, constants } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { servePages } from './pages.js';

/** The browser to test with. Its absence is a failure, never a skipped test. */
function executable(): string {
  const path = process.env.CHROMIUM ?? '/usr/bin/chromium';
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new Error(
      `there is no Chromium at ${path}: install it (\`apt-get install chromium\`), or name one in the environment variable CHROMIUM`,
    );
  }
  return path;
}

export interface TestBrowser {
  /** Opens the page of `browser/page` at `http://127.0.0.1:…`, or what else is asked. */
  page(options?: PageOptions): Promise<Page>;
  /** Where the pages are served. */
  readonly port: number;
  /** The errors that nobody caught in the pages, for a test that expects some. */
  uncaught(): unknown[];
}

export interface PageOptions {
  /** Another page than that of `browser/page`. */
  readonly url?: string;
  /** The name that the page calls its host by. */
  readonly host?: string;
  /** Added to the answers of the web server. */
  readonly headers?: Record<string, string>;
}

/**
 * One Chromium for the tests of a file; its pages are closed after each test. A test fails when one of its pages
 * had an uncaught error.
 */
export function useChromium(folder = new URL('../browser/page/dist', import.meta.url)): TestBrowser {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePages>>;
  const errors: unknown[] = [];
  let context: BrowserContext;

  beforeAll(async () => {
    server = await servePages(folder);
    browser = await chromium.launch({
      executablePath: executable(),
      // The sandbox does not start for root, as in most containers; every name is this machine.
      args: ['--no-sandbox', '--host-resolver-rules=MAP *.test 127.0.0.1'],
    });
    context = await browser.newContext();
  });
  afterEach(async () => {
    for (const page of context.pages()) await page.close();
    expect(errors.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  return {
    get port() {
      return server.port;
    },
    uncaught: () => errors.splice(0),
    async page({ host = '127.0.0.1', url = `http://${host}:${server.port}/`, headers = {} } = {}) {
      server.headers = headers;
      const page = await context.newPage();
      page.on('pageerror', (error) => errors.push(error));
      await page.goto(url);
      return page;
    },
  };
}
