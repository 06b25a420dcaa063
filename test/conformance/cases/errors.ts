// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { FifoChannel, type Priority, ZBytes } from '@zenoh-segments/core';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

export const errors: Case[] = [
  {
    name: 'a malformed key expression is refused everywhere',
    covers: ['-put', '-key-expr'],
    run: async ({ sender }) => {
      const wrong = { code: 'KEY_EXPR_INVALID', message: expect.stringContaining('a//b') };
      await expect(sender.put('a//b', 'x')).rejects.toMatchObject(wrong);
      await expect(sender.delete('a//b')).rejects.toMatchObject(wrong);
      await expect(sender.declarePublisher('a//b')).rejects.toMatchObject(wrong);
      await expect(sender.declareSubscriber('a//b')).rejects.toMatchObject(wrong);
    },
  },
  {
    name: 'a closed session refuses everything, and closes twice without complaint',
    covers: ['+open', '-open', '-put'],
    run: async ({ sender, receiver }) => {
      const publisher = await sender.declarePublisher('errors/closed');
      await Promise.all([sender.close(), sender.close(), sender.close()]);
      expect(sender.isClosed()).toBe(true);
      expect(receiver.isClosed()).toBe(false);
      const closed = { code: 'SESSION_CLOSED' };
      await expect(sender.put('errors/closed', 'x')).rejects.toMatchObject(closed);
      await expect(sender.delete('errors/closed')).rejects.toMatchObject(closed);
      await expect(sender.declarePublisher('errors/closed')).rejects.toMatchObject(closed);
      await expect(sender.declareSubscriber('errors/closed')).rejects.toMatchObject(closed);
      await expect(publisher.put('x')).rejects.toMatchObject(closed);
    },
  },
  {
    name: 'closing the session ends its subscribers',
    covers: ['-callback', '-async'],
    run: async ({ sender }) => {
      let drops = 0;
      await sender.declareSubscriber('errors/ends', { handler: [() => {}, () => drops++] });
      const channel = await sender.declareSubscriber('errors/ends');
      await sender.close();
      expect(drops).toBe(1);
      await expect(channel.receiver()?.receive()).rejects.toMatchObject({ code: 'RECEIVER_CLOSED' });
    },
  },
  {
    name: 'an undeclared publisher refuses to put',
    covers: ['-put'],
    run: async ({ sender }) => {
      const publisher = await sender.declarePublisher('errors/undeclared');
      await publisher.undeclare();
      await publisher.undeclare();
      await expect(publisher.put('x')).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    },
  },
  {
    name: 'a buffer detached between making the payload and the put is refused, and nothing is sent',
    covers: ['-segments'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('errors/detached');
      const source = new Uint8Array(10_000);
      const payload = ZBytes.fromSegments([Uint8Array.of(1), source]);
      structuredClone(source.buffer, { transfer: [source.buffer] });
      await expect(sender.put('errors/detached', payload)).rejects.toMatchObject({
        code: 'BUFFER_DETACHED',
        message: 'segment 1 was detached before it was put',
      });
      await sender.put('errors/detached', 'next');
      expect((await inbox.at(0)).payload().toString()).toBe('next');
    },
  },
  {
    name: 'a disposed payload and a value that is no buffer are refused',
    covers: ['-put', '-segments'],
    run: async ({ sender }) => {
      const payload = new ZBytes('x');
      payload[Symbol.dispose]();
      await expect(sender.put('errors/disposed', payload)).rejects.toMatchObject({ code: 'PAYLOAD_DISPOSED' });
      const wrong = 42 as unknown as string;
      await expect(sender.put('errors/number', wrong)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  },
  {
    name: 'options out of range are refused',
    covers: ['-qos', '-fifo'],
    run: async ({ sender }) => {
      const refused = { code: 'INVALID_ARGUMENT' };
      await expect(sender.put('errors/qos', 'x', { priority: 9 as Priority })).rejects.toMatchObject(refused);
      expect(() => new FifoChannel(0)).toThrow(expect.objectContaining(refused));
      const bounds = { policy: 'forget' as 'block' };
      await expect(sender.declareSubscriber('errors/policy', { handler: () => {}, bounds })).rejects.toMatchObject(
        refused,
      );
    },
  },
];
