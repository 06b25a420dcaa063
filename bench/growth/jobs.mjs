// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { setImmediate } from 'node:timers/promises';
import { CongestionControl, Reliability } from '@zenoh-segments/core';

/** @typedef {import('@zenoh-segments/core').Session} Session */
/** @typedef {{ publisher: Session, subscriber: Session }} Ends */

/**
 * What one point of an axis needs.
 *
 * @typedef {object} Setting
 * @property {readonly string[]} keys that publishers put on in turn, all of them below `bench/growth/`
 * @property {readonly string[]} subscribed a subscriber for each
 * @property {number} copies of each message that arrive
 * @property {readonly Uint8Array[]} segments of each message
 * @property {import('@zenoh-segments/core').FromSegmentsOptions} [options] how they are put
 */

const QOS = { congestionControl: CongestionControl.BLOCK, reliability: Reliability.RELIABLE };
const SEGMENT = 64;
const KEY = 'bench/growth/key';
/** Puts in a row before the event loop gets its turn. */
const BURST = 256;

/** @param {number} size */
const bytes = (size) => new Uint8Array(size).fill(7);
/** @param {number} count @param {(index: number) => string} key */
const each = (count, key) => Array.from({ length: count }, (_, index) => key(index));

/** Whether segments are put one by one, as one from the start, or joined by the put. @typedef {'joined' | 'coalesced' | undefined} Form */

const PLAIN = { keys: [KEY], subscribed: [KEY], copies: 1, segments: [bytes(SEGMENT)] };

/** What is set up, by the ids of the axes. @type {Record<string, (value: number, form: Form) => Setting>} */
const settings = {
  size: (size) => ({ ...PLAIN, segments: [bytes(size)] }),
  segments: (count, form) => ({
    ...PLAIN,
    options: form === 'coalesced' ? { coalesceBelow: 2 * SEGMENT } : {},
    segments: form === 'joined' ? [bytes(SEGMENT * count)] : Array.from({ length: count }, () => bytes(SEGMENT)),
  }),
  subscribers: (count) => ({ ...PLAIN, subscribed: each(count, () => KEY), copies: count }),
  keys: (count) => ({ ...PLAIN, subscribed: [KEY, ...each(count, (index) => `bench/growth/other/${index}`)] }),
  publishers: (count) => {
    const keys = each(count, (index) => `${KEY}/${index}`);
    return { ...PLAIN, keys, subscribed: [`${KEY}/*`] };
  },
};

/**
 * Everything declared for one point, and a run of so many messages, which ends when all have arrived.
 *
 * @param {Ends} ends @param {string} axis @param {number} value @param {Form} form
 */
export async function prepare(ends, axis, value, form) {
  const setting = settings[axis]?.(value, form);
  if (setting === undefined) throw new Error(`${axis} is no axis`);
  const { keys, subscribed, copies, segments, options } = setting;
  let received = 0;
  let touched = 0;
  let goal = -1;
  let reached = () => {};
  const handler = (/** @type {import('@zenoh-segments/core').Sample} */ sample) => {
    touched += sample.payload().segments()[0]?.[0] ?? 0;
    sample[Symbol.dispose]();
    if (++received === goal) reached();
  };
  /** @type {import('@zenoh-segments/core').Subscriber[]} */
  const declared = [];
  for (const key of subscribed) {
    declared.push(await ends.subscriber.declareSubscriber(key, { bounds: { policy: 'block' }, handler }));
  }
  /** @type {import('@zenoh-segments/core').Publisher[]} */
  const publishers = [];
  for (const key of keys) publishers.push(await ends.publisher.declarePublisher(key, QOS));
  for (const publisher of publishers) while (!(await publisher.matchingStatus()).matching()) await setImmediate();

  const run = async (/** @type {number} */ count) => {
    goal = received + count * copies;
    const all = new Promise((resolve) => {
      reached = () => resolve(undefined);
    });
    for (let number = 0; number < count; number++) {
      await publishers[number % publishers.length]?.putSegments(segments, options);
      if (number % BURST === BURST - 1) await setImmediate();
    }
    await all;
  };
  const end = async () => {
    for (const each of [...publishers, ...declared]) await each.undeclare();
    return touched;
  };
  return { run, end };
}
