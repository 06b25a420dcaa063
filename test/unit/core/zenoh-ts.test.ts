// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Difference, differences } from '../../support/zenoh-ts/compare.js';
import { page } from '../../support/zenoh-ts/page.js';
import { REASONS } from '../../support/zenoh-ts/reasons.js';

const PAGE = fileURLToPath(new URL('../../../docs/zenoh-ts-differences.md', import.meta.url));

describe('programs written for zenoh-ts', () => {
  let found: Map<string, Difference>;
  // Two packages are read by the compiler.
  beforeAll(() => {
    found = differences();
  }, 120_000);

  test('find every public name and member here, but for the listed ones, each with its reason', () => {
    const listed = REASONS.flatMap(({ names }) => names);
    expect(new Set(listed).size).toBe(listed.length);
    expect([...found.keys()].sort()).toEqual([...listed].sort());
  });

  test('find the differences on the page that is made from that list', () => {
    const text = page(found);
    // To make it anew: UPDATE_ZENOH_TS_PAGE=1 pnpm test zenoh-ts
    if (process.env.UPDATE_ZENOH_TS_PAGE === '1') writeFileSync(PAGE, text);
    expect(readFileSync(PAGE, 'utf8')).toBe(text);
  });
});
