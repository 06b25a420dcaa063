// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { checkGenerated } from '../support/generated.js';
import type { Case } from './case.js';
import { type Feature, features } from './features.js';
import { conformance } from './list.js';
import { missing, parity, parityPage } from './parity.js';

const run = async () => {};

test('docs/api-parity.md is what the conformance list says', () => {
  checkGenerated('docs/api-parity.md', parityPage());
});

test('every name of a feature in the list is one, and no two cases have the same name', () => {
  for (const [group, cases] of Object.entries(conformance)) {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    for (const { name, covers = [] } of cases) {
      const unknown = covers.filter((coverage) => !(coverage.slice(1) in features) || !/^[+-]/.test(coverage));
      expect([group, name, unknown]).toEqual([group, name, []]);
    }
  }
});

test('rows are counted by polarity, and what lacks one is told', () => {
  const everything = Object.keys(features) as Feature[];
  const cases: Case[] = [
    { name: 'one', covers: everything.map((feature) => `+${feature}` as const), run },
    { name: 'two', covers: everything.slice(1).map((feature) => `-${feature}` as const), run },
  ];
  const [first, second] = parity(cases);
  expect(first).toMatchObject({ feature: 'open', positive: 1, negative: 0 });
  expect(second).toMatchObject({ feature: 'config', positive: 1, negative: 1 });
  expect(missing(cases)).toEqual(['open, close, isClosed (`open`): no negative case']);
  expect(missing([...cases, { name: 'three', run }])[1]).toBe('a case that names no feature: three');
  expect(missing([])).toHaveLength(everything.length);
  expect(parityPage(cases)).toContain('| open, close, isClosed | yes | not yet | 1 / 0 |');
});
