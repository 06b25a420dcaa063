// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { Program } from '../support/program.js';

const bench = fileURLToPath(new URL('../../scripts/bench.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-table-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [results, readme] = [join(folder, 'goals.json'), join(folder, 'README.md')];
const table = (...args: string[]) =>
  new Program(bench, ['table', '--results', results, '--readme', readme, ...args]).ended();

const machine = {
  ...{ date: '2026-01-02T03:04:05.678Z', node: 'v20.0.0', cpus: 2, cpu: 'A CPU', system: 'linux x64 6.1' },
  versions: { zeromq: '6.0.0' },
};
/** `value` is absent where a contender was missing. */
const run = (value?: number) => ({
  goals: [{ path: 'over $1 TCP', at: '1 MiB', goal: '>= 1 x Rust', value, met: value !== undefined && value >= 1 }],
});
const measured = { machine, rounds: 3, seconds: 0.5, runs: [run(0.5), run(), run(1.25)] };
const BEFORE = '# Title\n\n<!-- bench -->\n<!-- /bench -->\n\nEnd.\n';

beforeEach(() => {
  writeFileSync(results, JSON.stringify(measured));
  writeFileSync(readme, BEFORE);
});

test('the table is written between its lines, once, and --check tells one that differs', async () => {
  const differs = await table('--check');
  expect(differs).toMatchObject({ code: 1, stdout: '' });
  expect(differs.stderr).toBe(`${readme} has another table than ${results}: run \`pnpm bench table\`\n`);
  expect(readFileSync(readme, 'utf8')).toBe(BEFORE);

  for (const args of [[], [], ['--check']]) expect(await table(...args)).toMatchObject({ code: 0, stderr: '' });
  const text = readFileSync(readme, 'utf8');
  expect(text.startsWith('# Title\n\n<!-- bench -->\n\n| path ')).toBe(true);
  expect(text.endsWith('\n\n<!-- /bench -->\n\nEnd.\n')).toBe(true);
  expect(text).toMatch(/\| over \$1 TCP +\| >= 1 x Rust +\| 1 MiB: 0\.875 +\| 1 of 3 +\|/);
  expect(text).toContain('2026-01-02, 2 CPUs (A CPU), linux x64 6.1, Node v20.0.0; zeromq 6.0.0. 3 runs');

  writeFileSync(readme, text.replace('0.875', '1.875'));
  expect(await table('--check')).toMatchObject({ code: 1 });
});

test('README without the lines, and a missing file, are told', async () => {
  writeFileSync(readme, '# Title\n\n<!-- bench -->\n');
  for (const args of [[], ['--check']]) {
    const { code, stderr } = await table(...args);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `${readme} has no lines <!-- bench --> and <!-- /bench -->\n`,
    });
  }
  rmSync(results);
  const { code, stderr } = await table('--check');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `there is no ${results}: run \`pnpm bench goals --json\` first\n`,
  });
});

test.each([
  ['no JSON', '{', 'it is no JSON ('],
  ['null', null, 'it lacks machine: '],
  ['no versions', { ...measured, machine: { ...machine, versions: undefined } }, 'it lacks machine: '],
  ['no date', { ...measured, machine: { ...machine, date: 'yesterday' } }, 'it lacks machine: '],
  ['no rounds', { ...measured, rounds: undefined }, 'it lacks rounds and seconds'],
  ['no runs', { ...measured, runs: [] }, 'it lacks runs, each with goals'],
  ['a goal without words', { ...measured, runs: [{ goals: [{ path: 'TCP', value: 1 }] }] }, 'it lacks runs, each with'],
  ['results of another bench', { machine, rounds: 3, seconds: 1, results: [], goals: [] }, 'it lacks runs, each with'],
])('a file of another kind is told: %s', async (_what, data, reason) => {
  writeFileSync(results, typeof data === 'string' ? data : JSON.stringify(data));
  const { code, stderr } = await table();
  expect(code).toBe(1);
  expect(stderr).toContain(`${results} is not what \`pnpm bench goals --json\` writes: ${reason}`);
  expect(readFileSync(readme, 'utf8')).toBe(BEFORE);
});
