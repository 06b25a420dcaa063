// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { RingChannel } from '@zenoh-segments/core';
import { all } from '../asking.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

/** More than can be given at once; a loop that never lets a timer run ends here instead of never. */
const MOST = 20_000;

/** Repeats until a timer of 1 ms ran, and nothing but `step` is awaited. */
async function untilTimer(step: () => Promise<unknown>): Promise<boolean> {
  let ran = false;
  const timer = setTimeout(() => {
    ran = true;
  }, 1);
  for (let i = 0; i < MOST && !ran; i++) await step();
  clearTimeout(timer);
  return ran;
}

export const turns: Case[] = [
  {
    name: 'a loop of puts or deletions lets timers run',
    covers: ['+put', '-async'],
    run: async ({ sender }) => {
      const publisher = await sender.declarePublisher('turn/put');
      expect(await untilTimer(() => publisher.put('x'))).toBe(true);
      expect(await untilTimer(() => publisher.delete())).toBe(true);
      expect(await untilTimer(() => sender.put('turn/put', 'x', { encoding: 'text/plain' }))).toBe(true);
    },
  },
  {
    name: 'a loop of gets that nobody answers lets timers run, with a channel and with a callback',
    covers: ['-async', '-get'],
    run: async ({ sender }) => {
      expect(await untilTimer(async () => all(await sender.get('turn/nobody')))).toBe(true);
      expect(await untilTimer(() => sender.get('turn/nobody', { handler: () => {} }))).toBe(true);
    },
  },
  {
    name: 'a loop that always finds a sample lets timers run, and one that is told the end',
    covers: ['-async', '-ring'],
    run: async ({ sender }) => {
      const receiver = (await sender.declareSubscriber('turn/found', { handler: new RingChannel(1) })).receiver();
      const put = () => sender.put('turn/found', 'x');
      const found = async () => {
        await put();
        await receiver?.receive();
      };
      expect(await untilTimer(found)).toBe(true);
      const ended = (await sender.get('turn/nobody')) as AsyncIterable<unknown>;
      expect(await untilTimer(async () => all(ended as never))).toBe(true);
    },
  },
  {
    name: 'a loop of replies lets timers run',
    covers: ['-async', '-queryable'],
    run: async ({ sender }) => {
      let ran: boolean | undefined;
      await sender.declareQueryable('turn/reply', {
        handler: async (query) => {
          ran = await untilTimer(() => query.reply('turn/reply', 'x'));
        },
      });
      await all(await sender.get('turn/reply'));
      expect(ran).toBe(true);
    },
  },
];
