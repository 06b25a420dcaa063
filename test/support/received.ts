// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CongestionControl, type Sample, type Session } from '@zenoh-segments/core';
import { matched } from './matched.js';
import { withPair } from './sessions.js';
import { until } from './until.js';

/** `bytes` as they come over TCP: a large payload in many slices. The sample is disposed afterwards. */
export async function received(bytes: Uint8Array, use: (sample: Sample, receiver: Session) => unknown): Promise<void> {
  await withPair(async (sender, receiver) => {
    const samples: Sample[] = [];
    await receiver.declareSubscriber('received', { handler: (sample) => samples.push(sample) });
    await matched(sender, 'received');
    await sender.put('received', bytes, { congestionControl: CongestionControl.BLOCK });
    await until('the sample came', () => samples.length === 1);
    const sample = samples.pop() as Sample;
    await use(sample, receiver);
    sample[Symbol.dispose]();
  });
}
