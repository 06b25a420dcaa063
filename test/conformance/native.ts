// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import * as entry from '@zenoh-segments/core';
import type { TestedBackend } from './backend.js';

/** Sessions of the native addon. */
export const native: TestedBackend = {
  entry,
  async join(config) {
    const session = await entry.Session.open(config);
    return { session, leave: () => session.close() };
  },
  configOf: (_, config) => config,
  copies: {
    sent: () => ({}),
    received: (small) => ({ small }),
  },
};
