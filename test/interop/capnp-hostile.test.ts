// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { COSTLY_CASES } from '../support/capnp/costly-cases.js';
import { HOSTILE_CASES } from '../support/capnp/hostile-cases.js';
import type { CaseOutcome } from '../support/fuzz/case-worker.js';
import { caseOutcomes } from '../support/fuzz/cases.js';
import { LIMIT_MS, limitBytes } from '../support/fuzz/cost.js';
import { JsonPeer } from '../support/json-peer.js';
import { peerTest } from '../support/peers.js';

/** Each hostile message in a process with little memory and time; and what the C++ reader makes of the same. */

const schema = fileURLToPath(new URL('../golden/capnp/hostile.capnp', import.meta.url));
const HEAP_MIB = 512;
const COUNT = HOSTILE_CASES.length + COSTLY_CASES.length;
let outcomes: CaseOutcome[];

beforeAll(async () => {
  outcomes = await caseOutcomes('capnp/hostile-program.js', COUNT, HEAP_MIB);
}, 120_000);

describe('hostile messages', () => {
  test.each(HOSTILE_CASES.map((each, index) => [each.name, index] as const))('%s', (_, index) => {
    const { ours } = HOSTILE_CASES[index]!;
    const { value, code } = outcomes[index]!;
    expect(code === undefined ? { value } : { code }).toEqual(ours);
    expectBounded(outcomes[index]!);
  });
});

describe('costly messages', () => {
  test.each(COSTLY_CASES.map((each, index) => [each.name, index] as const))('%s', (_, index) => {
    const outcome = outcomes[HOSTILE_CASES.length + index]!;
    expect(outcome.code).toBe(COSTLY_CASES[index]!.code);
    expectBounded(outcome);
  });
});

peerTest('python', 'the C++ reader reads and refuses the same, but where the case says why', () =>
  JsonPeer.with('capnp_judge.py', async (judge) => {
    const cases = HOSTILE_CASES.map(({ field, bytes }) => [field, Buffer.from(bytes()).toString('base64')]);
    const told = await judge.call<{ value?: unknown; error?: string }[]>('read_hostile', { schema, cases });
    const differences = HOSTILE_CASES.flatMap(({ name, ours, differs }, i) => {
      const cpp = told[i]!;
      if (differs !== undefined) {
        const does = cpp.error === undefined ? 'reads' : 'refuses';
        return does === differs.cpp ? [] : [`${name}: C++ ${does} it, unlike the case says`];
      }
      const same = 'code' in ours ? cpp.error !== undefined : JSON.stringify(cpp.value) === JSON.stringify(ours.value);
      return same ? [] : [`${name}: ours ${JSON.stringify(ours)}, C++ ${JSON.stringify(cpp)}`];
    });
    expect(differences).toEqual([]);
  }),
);

function expectBounded({ ms, bytes, length }: CaseOutcome): void {
  expect(ms).toBeLessThanOrEqual(LIMIT_MS);
  expect(bytes).toBeLessThanOrEqual(limitBytes(length));
}
