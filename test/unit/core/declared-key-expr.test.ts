// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { BACKEND, type Backend, Session, type SessionConfig } from '@zenoh-segments/core';
import { withSession } from '../../support/sessions.js';
import { until } from '../../support/until.js';

describe('a declared key expression', () => {
  test('is used by its number, not by its text, from its declaration to its undeclaration', () =>
    withSession(async (session) => {
      const keys: string[] = [];
      await session.declareSubscriber('**', { handler: (sample) => keys.push(sample.keyexpr().toString()) });
      await session.declareQueryable('**', {
        handler: async (query) => {
          keys.push(query.keyExpr().toString());
          await query.finalize();
        },
      });
      const declared = await session.declareKeyExpr('by/number');
      // Only a number can bring the declared text now.
      declared.toString = () => 'by/text';
      const use = async () => {
        keys.length = 0;
        await session.put(declared, 'x');
        await session.delete(declared);
        await session.get(declared);
        await until('everything came', () => keys.length === 3);
        return [...keys];
      };
      expect(await use()).toEqual(Array(3).fill('by/number'));
      await session.undeclare(declared);
      expect(await use()).toEqual(Array(3).fill('by/text'));
    }));

  test('that is dropped is undeclared when it is collected, and none a second time', async () => {
    const ended: number[] = [];
    let numbers = 0;
    const backend = {
      open: async () => ({
        isClosed: () => false,
        close: async () => {},
        declareKeyExpr: async () => ++numbers,
        undeclareKeyExpr: async (declared: number) => ended.push(declared),
      }),
    } as unknown as Backend<SessionConfig>;
    await using session = await Session.open({ [BACKEND]: backend });
    const kept = await session.declareKeyExpr('a');
    await session.undeclare(await session.declareKeyExpr('b'));
    await (async () => {
      await session.declareKeyExpr('c');
    })();
    await until('the dropped one is collected', () => {
      globalThis.gc?.();
      return ended.includes(3);
    });
    expect(ended).toEqual([2, 3]);
    expect(kept.toString()).toBe('a');
  });
});
