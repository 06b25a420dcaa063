// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { KeTree, KeyExpr } from '@zenoh-segments/core';
import { keyExprPairs, seed } from './key-expr-vectors.js';

const texts = (found: Iterable<readonly [KeyExpr, unknown]>) => [...found].map(([key]) => key.toString()).sort();

test(`a tree finds what a search of all entries finds (seed ${seed})`, () => {
  let found = 0;
  for (let round = 0; round < 40; round++) {
    const pairs = [...keyExprPairs(seed + round, 25)];
    const stored = [...new Set(pairs.map(([key]) => key))];
    const tree = new KeTree(stored.map((key) => [key, key.length] as const));
    // Half of what was put in is taken out again: its branches must not be missed, nor hide others.
    const gone = new Set(stored.filter((_, i) => i % 2 === 1));
    for (const key of gone) expect(tree.delete(key)).toBe(true);
    const left = stored.filter((key) => !gone.has(key)).map((key) => new KeyExpr(key));
    expect([tree.size, texts(tree)]).toEqual([left.length, left.map(String).sort()]);
    for (const sought of pairs.flat()) {
      const brute = (holds: (key: KeyExpr) => boolean) => left.filter(holds).map(String).sort();
      const seen = [texts(tree.intersecting(sought)), texts(tree.included(sought)), texts(tree.including(sought))];
      expect([sought, seen]).toEqual([
        sought,
        [
          brute((key) => key.intersects(sought)),
          brute((key) => new KeyExpr(sought).includes(key)),
          brute((key) => key.includes(sought)),
        ],
      ]);
      expect(tree.get(sought)).toBe(left.some((key) => key.equals(sought)) ? sought.length : undefined);
      found += seen.flat().length;
    }
  }
  expect(found).toBeGreaterThan(1000);
});

test('a value may be undefined, and is told from none', () => {
  const tree = new KeTree<undefined>([['a/b', undefined]]);
  expect([tree.has('a/b'), tree.has('a'), tree.delete('a/b'), tree.size]).toEqual([true, false, true, 0]);
  tree.insert('a', undefined);
  tree.clear();
  expect([tree.has('a'), tree.size]).toEqual([false, 0]);
});

test('entries may be deleted while they are searched', () => {
  const tree = new KeTree([0, 1, 2, 3].map((i) => [`a/${i}`, i] as const));
  const seen: number[] = [];
  for (const [key, value] of tree.intersecting('a/*')) {
    seen.push(value);
    tree.delete(key);
  }
  expect([seen, tree.size]).toEqual([[0, 1, 2, 3], 0]);
});
