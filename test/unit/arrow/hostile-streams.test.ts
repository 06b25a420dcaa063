// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { beforeAll, describe, expect, test } from '@jest/globals';
import { HOSTILE_CASES } from '../../support/arrow/hostile/index.js';
import type { CaseOutcome } from '../../support/fuzz/case-worker.js';
import { caseOutcomes } from '../../support/fuzz/cases.js';
import { LIMIT_MS, limitBytes } from '../../support/fuzz/cost.js';

/** Hostile streams, each read in both modes, whole and in pieces, in a process with a small heap that may hang or die. */

const HEAP_MIB = 128;
const ALL = Object.entries(HOSTILE_CASES).flatMap(([noun, cases]) => cases.map((each) => ({ ...each, noun })));
let outcomes: CaseOutcome[];

beforeAll(async () => {
  outcomes = await caseOutcomes('arrow/hostile-program.js', 2 * ALL.length, HEAP_MIB);
}, 120_000);

describe.each(Object.keys(HOSTILE_CASES))('%s', (noun) => {
  const cases = ALL.map((each, index) => ({ ...each, index })).filter((each) => each.noun === noun);

  test.each(cases)('$name', ({ index, error: [errorCode, text], onlyFull, harmless }) => {
    const [structure, full] = [outcomes[2 * index]!, outcomes[2 * index + 1]!];
    if (harmless) expect(full.value ?? full.code).toBe('values');
    else expect(full.value ?? full.code).toMatch(new RegExp(`^(${errorCode}): .*${text.source}`));
    expect(structure.value ?? structure.code).toBe(onlyFull ? 'values' : full.value);
    for (const { ms, bytes, length } of [structure, full]) {
      expect(ms).toBeLessThanOrEqual(LIMIT_MS);
      expect(bytes).toBeLessThanOrEqual(limitBytes(length));
    }
  });
});
