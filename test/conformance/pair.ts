// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Sample, Session, SubscriberOptions } from '@zenoh-segments/core';
import { matched } from '../support/matched.js';
import { withPair } from '../support/sessions.js';
import { until } from '../support/until.js';
import type { Inbox, Pair } from './case.js';

/** The pair of two sessions, whatever backend they are on. */
export function pairOf(sender: Session, receiver: Session): Pair {
  return {
    sender,
    receiver,
    async reach(keyExpr: string, options: SubscriberOptions = {}): Promise<Inbox> {
      const samples: Sample[] = [];
      await receiver.declareSubscriber(keyExpr, { ...options, handler: (sample) => samples.push(sample) });
      await matched(sender, keyExpr);
      return {
        samples,
        async at(index) {
          await until(`sample ${index} on ${keyExpr}`, () => samples.length > index);
          return samples[index] as Sample;
        },
      };
    },
  };
}

/**
 * Runs a case with two sessions that know of each other already: one that closes while the other still greets it can wait
 * for 10 s (zenoh then says that closing timed out), and no case is about that.
 */
export function withConnectedPair(run: (pair: Pair) => Promise<void>): Promise<void> {
  return withPair(async (sender, receiver) => {
    const greeting = await receiver.declareSubscriber('conformance/greeting', { handler: () => {} });
    await matched(sender, 'conformance/greeting');
    await greeting.undeclare();
    await run(pairOf(sender, receiver));
  });
}
