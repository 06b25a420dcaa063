// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import type { TestedBackend } from './backend.js';
import { withoutPatience } from './known-gaps.js';
import { cases, conformance } from './list.js';
import { withConnectedPair } from './pair.js';

/** The list as tests of jest. A known gap must fail: one that passes, or is no case, is stale. */
export function runList(title: string, backend: TestedBackend, gaps: ReadonlyMap<string, string> = new Map()): void {
  describe.each(Object.entries(conformance))(`${title}: %s`, (group, list) => {
    test.each(list.map(({ name, run }) => [name, run] as const))('%s', async (name, run) => {
      const whole = () => withConnectedPair(backend, run);
      if (gaps.has(`${group}: ${name}`)) await expect(withoutPatience(whole)).rejects.toThrow();
      else await whole();
    });
  });

  test(`${title}: every known gap is a case`, () => {
    const names = new Set(cases.map(({ name }) => name));
    expect([...gaps.keys()].filter((name) => !names.has(name))).toEqual([]);
  });
}
