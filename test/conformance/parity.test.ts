// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { checkGenerated } from '../support/generated.js';
import type { Case } from './case.js';
import { type Feature, features } from './features.js';
import { knownGaps } from './known-gaps.js';
import { conformance } from './list.js';
import { missing, parity, parityPage } from './parity.js';

const run = async () => {};

test('docs/api-parity.md is what the conformance list says', () => {
  checkGenerated('docs/api-parity.md', parityPage(knownGaps('websocket')));
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
});

test('a backend has a feature, has it partly, or has it not: as its gaps say', () => {
  const cases: Case[] = [
    { name: 'one', covers: ['+open', '+config', '+info'], run },
    { name: 'two', covers: ['-open', '-config', '-info'], run },
    { name: 'three', covers: ['+open', '-config'], run },
  ];
  const page = parityPage(new Map([['one', 'because']]), cases).split('\n');
  expect(page).toContain('| open, close, isClosed | yes | partly (2 of 3 cases) | 2 / 1 |');
  expect(page).toContain('| config: JSON5, file, environment, insert, get | yes | no | 1 / 2 |');
  expect(page).toContain('| scout | no case yet | no case yet | 0 / 0 |');
  expect(parityPage(new Map([['three', 'because']]), cases)).toContain('peers, locators | yes | yes | 1 / 1 |');
  expect(page.slice(page.indexOf('because'), page.indexOf('## Left out'))).toEqual(['because', '', '- one', '']);
});
