// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What page/main.ts gives to the functions that run in the page. Those are sent there as texts: they see these names and
// their argument, and nothing else of the test.
import type * as ArrowPayloads from '@zenoh-segments/arrow';
import type * as CapnpPayloads from '@zenoh-segments/capnp';
import type * as Zenoh from '@zenoh-segments/core/websocket';
import type * as Arrow from 'apache-arrow';
import type * as Capnp from 'capnp-es';
import type { JSHandle, Page } from 'playwright-core';
import type * as Golden from '../golden/capnp/telemetry.js';
import type * as Helpers from './told.js';

declare global {
  const zenoh: typeof Zenoh;
  const arrow: typeof Arrow;
  const arrowPayloads: typeof ArrowPayloads;
  const capnp: typeof Capnp;
  const capnpPayloads: typeof CapnpPayloads;
  const Telemetry: typeof Golden.Telemetry;
  const helpers: typeof Helpers;
}

/** A session of the page. */
export function openIn(
  page: Page,
  locator: string,
  options: Zenoh.ConfigOptions = {},
): Promise<JSHandle<Zenoh.Session>> {
  return page.evaluateHandle(({ locator, options }) => zenoh.Session.open(new zenoh.Config(locator, options)), {
    locator,
    options,
  });
}

/** Opens where that must fail, and tells how. */
export function refusalIn(page: Page, locator: string, options: Zenoh.ConfigOptions = {}) {
  return page.evaluate(
    async ({ locator, options }) => {
      try {
        await zenoh.Session.open(new zenoh.Config(locator, options));
      } catch (error) {
        if (!(error instanceof zenoh.CoreError)) throw error;
        return { code: error.code, message: error.message };
      }
      throw new Error('it opened');
    },
    { locator, options },
  );
}
