// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { type NativeBuffer, type Sample, ShmProvider } from '@zenoh-segments/core';
import { collected } from '../../support/collected.js';
import { matched } from '../../support/matched.js';
import { withPair } from '../../support/sessions.js';
import { until } from '../../support/until.js';

/** A chunk of a pool that nothing in JavaScript refers to any more. */
async function orphan(): Promise<NativeBuffer> {
  let pool: ShmProvider | undefined = new ShmProvider({ size: 100_000 });
  const chunk = pool.alloc(50_000);
  const gone = [new WeakRef<object>(pool)];
  pool = undefined;
  await collected('pools', gone);
  return chunk;
}

test('a chunk can be sent after its pool was collected', async () => {
  const chunk = await orphan();
  chunk.bytes.fill(3);
  await withPair(async (sender, receiver) => {
    const samples: Sample[] = [];
    await receiver.declareSubscriber('pool', { handler: (sample) => samples.push(sample) });
    await matched(sender, 'pool');
    await sender.put('pool', chunk.bytes);
    await until('the sample came', () => samples.length === 1);
    expect(samples[0]!.isShm()).toBe(true);
    expect(samples[0]!.payload().segments()[0]![49_999]).toBe(3);
  });
});
