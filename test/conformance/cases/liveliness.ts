// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { Sample, SampleKind } from '@zenoh-segments/core';
import { until } from '../../support/until.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

export const liveliness: Case[] = [
  {
    name: 'a token is seen coming and going, with history and by a get',
    covers: ['+liveliness'],
    run: async ({ sender, receiver }) => {
      const events: string[] = [];
      const watch = (into: string[]) => (sample: Sample) =>
        into.push(`${sample.keyexpr().toString()} ${SampleKind[sample.kind()]}`);
      await receiver.liveliness().declareSubscriber('alive/**', { handler: watch(events) });
      const token = await sender.liveliness().declareToken('alive/robot');
      await until('the token is seen', () => events.length === 1);
      const late: string[] = [];
      await receiver.liveliness().declareSubscriber('alive/**', { history: true, handler: watch(late) });
      await until('the standing token is told', () => late.length === 1);
      const found: string[] = [];
      for await (const reply of (await receiver.liveliness().get('alive/*')) ?? []) {
        const result = reply.result();
        if (result instanceof Sample) found.push(result.keyexpr().toString());
      }
      expect(found).toEqual(['alive/robot']);
      await token.undeclare();
      await token.undeclare();
      await until('the end is seen', () => events.length === 2 && late.length === 2);
      expect(events).toEqual(['alive/robot PUT', 'alive/robot DELETE']);
    },
  },
  {
    name: 'a malformed key and a closed session are refused',
    covers: ['-liveliness'],
    run: async ({ sender }) => {
      const living = sender.liveliness();
      await expect(living.declareToken('a//b')).rejects.toMatchObject({ code: 'KEY_EXPR_INVALID' });
      await sender.close();
      await expect(living.declareToken('alive/x')).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
      await expect(living.declareSubscriber('alive/x')).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
      await expect(living.get('alive/x')).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    },
  },
];
