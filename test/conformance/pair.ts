// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Sample, Session, SubscriberOptions } from '@zenoh-segments/core';
import { matched } from '../support/matched.js';
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
