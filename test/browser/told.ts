// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What both ends of a test say of what they have got: runs in Node and in the page.
import type { ChannelReceiver, Sample } from '@zenoh-segments/core';

export { seededBytes as noise } from '../support/seeded-bytes.js';

/** A sample as what can leave a page. */
export function told(sample: Sample) {
  return {
    key: sample.keyexpr().toString(),
    kind: sample.kind(),
    text: sample.payload().toString(),
    encoding: sample.encoding().toString(),
    attachment: sample.attachment()?.toString(),
    timestamp: sample.timestamp()?.toString(),
    priority: sample.priority(),
    congestionControl: sample.congestionControl(),
    express: sample.express(),
  };
}

/** Where two byte sequences differ first; -1 when they do not. */
export function difference(left: Uint8Array, right: Uint8Array): number {
  if (left.length !== right.length) return Math.min(left.length, right.length);
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return i;
  return -1;
}

/** The next of what comes by a channel. */
export function next<T>(from: { receiver(): ChannelReceiver<T> | undefined }): Promise<T> {
  const receiver = from.receiver();
  if (receiver === undefined) throw new Error('this one has a callback, and no channel');
  return receiver.receive();
}
