// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Sample, Session, SubscriberOptions } from '@zenoh-segments/core';
import { until } from '../support/until.js';
import type { Inbox, Pair } from './case.js';

/** The pair of two sessions, whatever backend they are on. */
export function pairOf(sender: Session, receiver: Session): Pair {
  return {
    sender,
    receiver,
    async reach(keyExpr: string, options: SubscriberOptions = {}): Promise<Inbox> {
      const samples: Sample[] = [];
      const probes = `probe/${keyExpr.replaceAll('*', 'w')}`;
      let probed = false;
      // Declarations travel in order: when this later subscriber is known to the sender, the first one is.
      await receiver.declareSubscriber(keyExpr, { ...options, handler: (sample) => samples.push(sample) });
      const probe = await receiver.declareSubscriber(probes, {
        handler: () => {
          probed = true;
        },
      });
      const deadline = performance.now() + 10_000;
      while (!probed) {
        if (performance.now() > deadline) throw new Error(`${probes} was not reached within 10 s`);
        await sender.put(probes, '');
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await probe.undeclare();
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
