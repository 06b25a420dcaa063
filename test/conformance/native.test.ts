// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, test } from '@jest/globals';
import { conformance } from './list.js';
import { withConnectedPair } from './pair.js';

describe.each(Object.entries(conformance))('native: %s', (_, cases) => {
  test.each(cases.map(({ name, run }) => [name, run] as const))('%s', async (_name, run) => {
    await withConnectedPair(run);
  });
});
