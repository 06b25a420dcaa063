// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { Locality, type Sample, ZBytes } from '@zenoh-segments/core';
import { until } from '../../support/until.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

export const localDelivery: Case[] = [
  {
    name: 'a subscriber of the same session gets the very same objects',
    covers: ['+callback', '+segments'],
    run: async ({ sender }) => {
      const samples: Sample[] = [];
      await sender.declareSubscriber('local/same', { handler: (sample) => samples.push(sample) });
      const parts = [Uint8Array.of(1), Uint8Array.of(2, 3)];
      const note = Uint8Array.of(4);
      const payload = ZBytes.fromSegments(parts);
      await sender.put('local/same', payload, { attachment: note });
      await payload.released;
      const [sample] = samples;
      expect(sample?.payload().segments()).toHaveLength(2);
      expect(sample?.payload().segments()[0]).toBe(parts[0]);
      expect(sample?.payload().segments()[1]).toBe(parts[1]);
      expect(sample?.attachment()?.segments()[0]).toBe(note);
      sample?.payload().assertZeroCopy();
      payload.assertZeroCopy();
    },
  },
  {
    name: 'released resolves after the last local delivery, not before',
    covers: ['+segments'],
    run: async ({ sender }) => {
      const order: string[] = [];
      for (const name of ['first', 'second']) {
        await sender.declareSubscriber('local/released', { handler: () => order.push(name) });
      }
      const payload = new ZBytes(Uint8Array.of(1));
      await sender.put('local/released', payload);
      expect(order).toEqual([]);
      void payload.released.then(() => order.push('released'));
      await until('the payload is released', () => order.includes('released'));
      expect(order.slice(0, 2).sort()).toEqual(['first', 'second']);
      expect(order[2]).toBe('released');
    },
  },
  {
    name: 'the locality of a put and of a subscriber are kept',
    covers: ['+locality', '-locality'],
    run: async ({ sender, reach }) => {
      const local: string[] = [];
      const inbox = await reach('local/only');
      await sender.declareSubscriber('local/only', { handler: (sample) => local.push(sample.payload().toString()) });
      await sender.declareSubscriber('local/only', {
        allowedOrigin: Locality.REMOTE,
        handler: () => local.push('a remote-only subscriber heard it'),
      });
      await sender.put('local/only', 'here', { allowedDestination: Locality.SESSION_LOCAL });
      await sender.put('local/only', 'there', { allowedDestination: Locality.REMOTE });
      expect((await inbox.at(0)).payload().toString()).toBe('there');
      await until('the local sample came', () => local.length > 0);
      expect(local).toEqual(['here']);
      expect(inbox.samples).toHaveLength(1);
    },
  },
];
