// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '../zbytes/zbytes.js';
import type { PutOutcome } from './addon.js';
import { eventLoop } from './event-loop.js';

/** After a native call that lent segments: counts what zenoh kept, and keeps what local receivers will ask for. */
export function settle(outcome: PutOutcome, payload: ZBytes | undefined, attachment: ZBytes | undefined): undefined {
  if (outcome === 0) return;
  const [local, held] = outcome;
  (payload ?? attachment)?.ledger.count('held', held);
  if (local !== 0) {
    eventLoop().lend(local, {
      payload: payload?.segments() ?? [],
      attachment: attachment?.segments(),
      owners: [payload, attachment].filter((bytes) => bytes !== undefined),
    });
  }
}
