// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// Both libraries in one page. `globalThis.bench` is what bench/browser/measurement.mjs calls.
import * as theirs from '@eclipse-zenoh/zenoh-ts';
import * as ours from '@zenoh-segments/core/websocket';
import { copiedBy } from './copies.mjs';

const UP = 'bench/up';
const DOWN = 'bench/down';

const libraries = {
  'zenoh-ts': {
    open: (/** @type {string} */ locator) => theirs.Session.open(new theirs.Config(locator, 10_000)),
    block: { congestionControl: theirs.CongestionControl.BLOCK },
  },
  'zenoh-segments': {
    open: (/** @type {string} */ locator) => ours.Session.open(new ours.Config(locator)),
    block: { congestionControl: ours.CongestionControl.BLOCK },
  },
};

/** @typedef {keyof typeof libraries} Library */

/** @type {any} */
let session;
/** @type {any} */
let publisher;
let received = 0;
let touched = 0;
let bytes = 0;
/** @type {{ count: number, done: () => void } | undefined} */
let goal;
/** @type {Promise<void>} */
let arrived = Promise.resolve();
/** @type {Promise<number>} */
let watched = Promise.resolve(0);

/** What a program does that reads its samples: it looks at each. @param {any} sample */
function receive(sample) {
  const payload = sample.payload();
  const view = payload.toBytes();
  touched += view[0] ?? 0;
  bytes += view.length;
  // Ours gives the memory back when it is told to; theirs has nothing of the kind.
  sample[Symbol.dispose]?.();
  received++;
  if (goal !== undefined && received === goal.count) goal.done();
}

globalThis.bench = {
  /** @param {Library} name @param {string} locator */
  async open(name, locator) {
    const library = libraries[name];
    session = await library.open(locator);
    publisher = await session.declarePublisher(UP, library.block);
    await session.declareSubscriber(DOWN, { handler: receive });
  },

  async close() {
    await session.close();
  },

  /** @param {number} count @param {number} size */
  async send(count, size) {
    const payload = new Uint8Array(size).fill(7);
    for (let i = 0; i < count; i++) await publisher.put(payload);
  },

  /** From now on samples are counted. @param {number} count */
  arm(count) {
    received = 0;
    bytes = 0;
    arrived = new Promise((resolve) => {
      goal = { count, done: () => resolve(undefined) };
    });
  },

  /** Resolves when all that was armed for came. */
  async arrived() {
    await arrived;
    return { bytes, touched };
  },

  /** Bytes copied in JavaScript for one put. @param {number} size */
  async copiesOfPut(size) {
    const payload = new Uint8Array(size);
    return copiedBy(() => publisher.put(payload));
  },

  /** Starts to count the bytes that JavaScript copies until one sample was looked at. */
  watchSample() {
    globalThis.bench.arm(1);
    watched = copiedBy(() => arrived);
  },

  copiesOfSample() {
    return watched;
  },
};
