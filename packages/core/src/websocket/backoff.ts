// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { LONGEST_TIMER } from '../timer.js';
import type { Settings } from './config.js';

/** The wait in ms after so many attempts, or undefined when no more are to be made. The first is made at once. */
export function backoff({ initialDelay, maxDelay, attempts }: Settings['reconnect'], made: number): number | undefined {
  if (made >= attempts) return undefined;
  if (made === 0) return 0;
  const delay = Math.min(initialDelay * 2 ** Math.min(made - 1, 30), maxDelay);
  // Clients that lost the same server must not all come back at the same moment.
  return Math.min(delay * (0.75 + Math.random() / 2), LONGEST_TIMER);
}

/** Resolves after `ms`, or at once when `signal` is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
