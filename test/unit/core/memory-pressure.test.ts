// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { expect, test } from '@jest/globals';
import { alloc } from '@zenoh-segments/core';
import { withSession } from '../../support/sessions.js';
import { until } from '../../support/until.js';

const KEY = 'unit/memory-pressure';
const ROUNDS = 20;
/** Of 2 MiB: more than V8 lets ArrayBuffers grow by before it marks the heap. */
const PER_ROUND = 40;

const MAJOR = new Set<number>([constants.NODE_PERFORMANCE_GC_MAJOR, constants.NODE_PERFORMANCE_GC_INCREMENTAL]);

test('a queue of large messages that are disposed one by one does not make V8 mark the whole heap each time', () =>
  withSession(async (session) => {
    let marked = 0;
    const observer = new PerformanceObserver((list) => {
      const collections = list.getEntries() as (PerformanceEntry & { readonly detail: { readonly kind: number } })[];
      marked += collections.filter(({ detail }) => MAJOR.has(detail.kind)).length;
    });
    observer.observe({ entryTypes: ['gc'] });
    let received = 0;
    const bounds = { bytes: 2 ** 28, policy: 'block' } as const;
    const handler = (sample: Disposable) => {
      received++;
      sample[Symbol.dispose]();
    };
    const subscriber = await session.declareSubscriber(KEY, { bounds, handler });
    const memory = alloc(2 ** 21);
    for (let round = 1; round <= ROUNDS; round++) {
      // No turn of the event loop in between: all of them wait in the queue.
      for (let i = 0; i < PER_ROUND; i++) await session.put(KEY, memory.bytes);
      await until(`all of round ${round} came`, () => received === round * PER_ROUND);
    }
    await subscriber.undeclare();
    observer.disconnect();
    // Other things may make it mark now and then.
    expect(marked).toBeLessThan(ROUNDS / 2);
  }));
