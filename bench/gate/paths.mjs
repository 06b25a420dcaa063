// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { Config, CongestionControl, Session, ShmProvider } from '@zenoh-segments/core';
import { freePort } from '../free-port.mjs';
import { zenohConfig } from '../zenoh-config.mjs';

/** What is done once, and gives a promise only where the path does. @typedef {() => Promise<unknown>} Step */

/**
 * The hot paths, by name. Each step ends when its message has arrived: a batch is then always of one, and what it takes is the
 * same every time.
 *
 * @returns {Promise<{ paths: Record<string, Step>, close: () => Promise<unknown> }>}
 */
export async function openPaths() {
  const port = await freePort();
  const far = await Session.open(Config.fromJson5(zenohConfig('subscriber', port, false)));
  const near = await Session.open(Config.fromJson5(zenohConfig('publisher', port, false)));
  const pool = new ShmProvider({ size: 1 << 20 });
  let arrived = () => {};
  let touched = 0;
  const handler = (/** @type {import('@zenoh-segments/core').Sample} */ sample) => {
    touched += sample.payload().segments()[0]?.[0] ?? 0;
    sample[Symbol.dispose]();
    arrived();
  };
  const qos = { congestionControl: CongestionControl.BLOCK };
  const [alone, local, remote] = ['alone', 'local', 'remote'].map((name) => `gate/${name}`);
  await near.declareSubscriber(String(local), { handler });
  await far.declareSubscriber(String(remote), { handler });
  const toNobody = await near.declarePublisher(String(alone), qos);
  const toLocal = await near.declarePublisher(String(local), qos);
  const toRemote = await near.declarePublisher(String(remote), qos);
  while (!(await toRemote.matchingStatus()).matching()) await new Promise((resolve) => setImmediate(resolve));

  /** @param {() => unknown} put @returns {Step} */
  const withArrival = (put) => () =>
    new Promise((resolve) => {
      arrived = () => resolve(undefined);
      put();
    });
  const [small, large] = [new Uint8Array(64).fill(7), new Uint8Array(1 << 20).fill(7)];
  const segments = Array.from({ length: 16 }, () => new Uint8Array(64).fill(7));
  const close = async () => {
    await near.close();
    await far.close();
    return touched;
  };
  return {
    close,
    paths: {
      'put 64 B, nobody listens': () => toNobody.put(small),
      'put 64 B, same session': withArrival(() => toLocal.put(small)),
      'put 1 MiB, same session': withArrival(() => toLocal.put(large)),
      'put 16 segments, same session': withArrival(() => toLocal.putSegments(segments)),
      'put 64 B, TCP': withArrival(() => toRemote.put(small)),
      'put 16 KiB, TCP': withArrival(() => toRemote.put(large.subarray(0, 16_384))),
      'put a chunk of shared memory, same session': withArrival(() => {
        const chunk = pool.alloc(4096);
        toLocal.put(chunk.bytes).then(() => chunk[Symbol.dispose]());
      }),
    },
  };
}

/** Those whose instructions are the same every time. Over TCP a put asks how far the link is, and waits for its locks. */
export const INSTRUCTED = [
  'put 64 B, nobody listens',
  'put 64 B, same session',
  'put 1 MiB, same session',
  'put 16 segments, same session',
  'put a chunk of shared memory, same session',
];
