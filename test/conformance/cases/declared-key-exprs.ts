// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { KeyExpr, SampleKind, Selector } from '@zenoh-segments/core';
import { all, answering, known, sampleOf } from '../asking.js';
import type { Case } from '../case.js';
import { expect } from '../expect.js';

export const declaredKeyExprs: Case[] = [
  {
    name: 'a declared key expression is a key expression, and puts, deletes and gets with it arrive',
    covers: ['+declare-key-expr', '+get'],
    run: async ({ sender, receiver, reach }) => {
      const inbox = await reach('declared/key');
      const declared = await sender.declareKeyExpr('declared/key');
      expect(declared).toBeInstanceOf(KeyExpr);
      expect(declared.equals('declared/key')).toBe(true);
      await sender.put(declared, 'x');
      await sender.delete(declared);
      expect((await inbox.at(0)).keyexpr().toString()).toBe('declared/key');
      expect((await inbox.at(1)).kind()).toBe(SampleKind.DELETE);
      await answering(receiver, 'declared/key', (query) => query.reply('declared/key', query.selector().toString()));
      await known(sender, 'declared/key');
      const [plain] = await all(await sender.get(declared));
      expect(sampleOf(plain).payload().toString()).toBe('declared/key');
      const [selected] = await all(await sender.get(new Selector(declared, 'a=1')));
      expect(sampleOf(selected).payload().toString()).toBe('declared/key?a=1');
    },
  },
  {
    name: 'wildcards can be declared, and one text twice',
    covers: ['+declare-key-expr'],
    run: async ({ sender, reach }) => {
      const inbox = await reach('declared/wild/a');
      const first = await sender.declareKeyExpr('declared/wild/**');
      const second = await sender.declareKeyExpr('declared/wild/**');
      await sender.put(first, '1');
      await sender.undeclare(first);
      await sender.put(second, '2');
      expect((await inbox.at(1)).payload().toString()).toBe('2');
      expect(inbox.samples.map((sample) => sample.keyexpr().toString())).toEqual(Array(2).fill('declared/wild/**'));
    },
  },
  {
    name: 'after undeclare, on another session, and joined with more, its text goes',
    covers: ['+declare-key-expr'],
    run: async ({ sender, receiver, reach }) => {
      const inbox = await reach('declared/text/**');
      const declared = await sender.declareKeyExpr('declared/text');
      await sender.put(declared.join('more'), 'joined');
      await sender.undeclare(declared);
      await sender.put(declared, 'undeclared');
      await inbox.at(1);
      await receiver.put(declared, 'elsewhere');
      expect((await inbox.at(2)).payload().toString()).toBe('elsewhere');
      expect(inbox.samples.map((sample) => sample.keyexpr().toString())).toEqual([
        'declared/text/more',
        'declared/text',
        'declared/text',
      ]);
    },
  },
  {
    name: 'what this session did not declare, or undeclared before, cannot be undeclared',
    covers: ['-declare-key-expr'],
    run: async ({ sender, receiver }) => {
      const declared = await sender.declareKeyExpr('declared/once');
      const wrong = {
        code: 'INVALID_ARGUMENT',
        message: '`declared/once` is not declared on this session, or not any more',
      };
      await expect(receiver.undeclare(declared)).rejects.toMatchObject(wrong);
      await expect(sender.undeclare(new KeyExpr('declared/once'))).rejects.toMatchObject(wrong);
      await sender.undeclare(declared);
      await expect(sender.undeclare(declared)).rejects.toMatchObject(wrong);
    },
  },
  {
    name: 'a session undeclares whatever it declared, by its own undeclare',
    covers: ['-put'],
    run: async ({ sender }) => {
      const publisher = await sender.declarePublisher('declared/publisher');
      await sender.undeclare(publisher);
      await expect(publisher.put('x')).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    },
  },
  {
    name: 'a malformed text and a closed session are refused',
    covers: ['-declare-key-expr'],
    run: async ({ sender }) => {
      await expect(sender.declareKeyExpr('a//b')).rejects.toMatchObject({ code: 'KEY_EXPR_INVALID' });
      const declared = await sender.declareKeyExpr('declared/closed');
      expect(sender.declareKeyexpr('declared/plain').toString()).toBe('declared/plain');
      await sender.close();
      const closed = { code: 'SESSION_CLOSED' };
      await expect(sender.declareKeyExpr('declared/late')).rejects.toMatchObject(closed);
      await expect(sender.put(declared, 'x')).rejects.toMatchObject(closed);
      await expect(sender.undeclare(declared)).rejects.toMatchObject(closed);
      expect(() => sender.declareKeyexpr('declared/late')).toThrow(expect.objectContaining(closed));
    },
  },
];
