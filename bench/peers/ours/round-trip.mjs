// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { serve, total } from '../commands.mjs';
import { Pinger } from '../pinger.mjs';
import { QOS } from './sources.mjs';

/** @typedef {import('@zenoh-segments/core').Session} Session */

const THERE = 'bench/ping';
const BACK = 'bench/pong';
const SMALL = 4096;
/** As zenoh's own programs that measure latency do. */
const EXPRESS = { ...QOS, express: true };

/** @param {Session} session @param {import('./sources.mjs').Source} source @param {string} link @param {number} size */
export async function ping(session, source, link, size) {
  const publisher = await session.declarePublisher(THERE, EXPRESS);
  const pinger = new Pinger({
    probe: () => publisher.put('?'),
    send: (number) => source(publisher, number),
    size,
    // A smaller one was copied when it was received, and comes back as bytes.
    shm: link === 'shm' && size >= SMALL,
  });
  await session.declareSubscriber(BACK, {
    bounds: { policy: 'block' },
    handler: (sample) => {
      const { length } = sample.payload();
      const isShm = sample.isShm();
      sample[Symbol.dispose]();
      pinger.returned(length, isShm);
    },
  });
  await pinger.serve();
}

/** Sends back what comes, by reference. @param {Session} session */
export async function echo(session) {
  const publisher = await session.declarePublisher(BACK, EXPRESS);
  let count = 0;
  await session.declareSubscriber(THERE, {
    bounds: { policy: 'block' },
    handler: async (sample) => {
      count++;
      await publisher.put(sample.payload());
      sample[Symbol.dispose]();
    },
  });
  await serve({});
  total({ count });
}
