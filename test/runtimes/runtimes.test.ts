// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { disagreements, gapsFile, knownGaps, parseGaps } from '../conformance/known-gaps.js';
import { checkGenerated } from '../support/generated.js';
import { type Outcome, runConformance } from './conformance-run.js';
import { page, type Row } from './page.js';

// The conformance list in every runtime that the one binary is promised for.

type Found = { readonly runtimes: Readonly<Record<string, readonly string[]>> } | { readonly missing: string };
const script = new URL('../../scripts/runtimes.mjs', import.meta.url).href;
const found = ((await import(script)) as { ensureRuntimes(): Found }).ensureRuntimes();
const installed = 'missing' in found ? undefined : found.runtimes;
if ('missing' in found) process.stderr.write(`No other runtimes than this one: ${found.missing}\n`);

/** By the runtime's own WebSocket, which Node 20 lacks. */
const WEBSOCKET = ['--websocket', '--gaps', gapsFile('websocket')];

const PLANS = [
  ['node20', 'Node 20', []],
  ['node22', 'Node 22', []],
  ['node24', 'Node 24', []],
  ['bun', 'Bun', []],
  ['deno', 'Deno', []],
  ['node20-copies', 'Node 20, copies forced', ['--copies']],
  ['node22-websocket', 'Node 22, WebSocket', WEBSOCKET],
  ['node24-websocket', 'Node 24, WebSocket', WEBSOCKET],
  ['bun-websocket', 'Bun, WebSocket', WEBSOCKET],
  ['deno-websocket', 'Deno, WebSocket', WEBSOCKET],
] as const;

function commandOf(id: string): readonly string[] {
  const [name] = id.split('-') as [string];
  const command = installed?.[name];
  if (command !== undefined) return command;
  // Where the packages of the runtimes do not fit the machine, this very Node stands for Node.
  if (name === 'node20' && process.env.CI !== 'true') return [process.execPath];
  throw new Error(`${id} is missing: ${'missing' in found ? found.missing : ''}`);
}

const rows: Row[] = [];
const able = installed !== undefined || process.env.CI === 'true';
const plans = PLANS.filter(([id]) => able || id.startsWith('node20'));

test.each(plans)(
  '%s runs the conformance list, and fails as its known gaps say',
  async (id, title, args) => {
    const outcome = await runConformance(commandOf(id), args);
    const overWebSocket = args === WEBSOCKET;
    const gaps = knownGaps(overWebSocket ? 'websocket' : id);
    expect(disagreements(outcome, gaps)).toEqual([]);
    rows.push({ title, outcome, gaps, overWebSocket });
  },
  300_000,
);

test('docs/runtimes.md says what was seen', () => {
  if (plans.length < PLANS.length) {
    process.stderr.write('docs/runtimes.md is not checked: not every runtime is here\n');
    return;
  }
  expect(rows).toHaveLength(PLANS.length);
  // Versions and figures are of the run that wrote it.
  checkGenerated('docs/runtimes.md', page(rows), (text) => text.replace(/\d+(\.\d+)*/g, '#'));
});

describe('known gaps', () => {
  const outcome: Outcome = {
    name: 'Node',
    version: '1',
    cases: ['a: works', 'a: breaks'],
    failed: new Map([['a: breaks', 'why']]),
  };

  test('a failure nobody listed, a stale entry and one of no case are told', () => {
    expect(disagreements(outcome, parseGaps(''))).toEqual(['failed: a: breaks: why']);
    expect(disagreements(outcome, parseGaps('# one\n# reason\na: breaks'))).toEqual([]);
    expect(disagreements(outcome, parseGaps('# one\na: breaks\na: works\na: gone'))).toEqual([
      'stale, there is no such case: a: gone',
      'stale, it passes: a: works',
    ]);
  });

  test('a reason is demanded, and one comment of several lines is one reason', () => {
    expect(() => parseGaps('a: breaks')).toThrow('a known gap without a reason: a: breaks');
    expect(parseGaps('# one\n# reason\n\na: breaks').get('a: breaks')).toBe('one reason');
  });
});
