// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Session } from '@zenoh-segments/core';
import { patience } from './until.js';

/** Waits until the session knows of a subscriber on `key`: what is put from then on arrives. */
export async function matched(session: Session, key: string): Promise<void> {
  const publisher = await session.declarePublisher(key);
  const deadline = performance.now() + patience.limit;
  while (!(await publisher.matchingStatus()).matching()) {
    if (performance.now() > deadline) throw new Error(`nobody subscribed to ${key} within ${patience.limit} ms`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await publisher.undeclare();
}
