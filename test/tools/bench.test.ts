// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { Program } from '../support/program.js';

const bench = fileURLToPath(new URL('../../scripts/bench.mjs', import.meta.url));
const run = (...args: string[]) => new Program(bench, args).ended();

/** Modules of the bench, which have no declarations. */
const load = (path: string) => import(new URL(`../../bench/${path}`, import.meta.url).href);

const MODES = ['', 'latency', 'growth', 'idle', 'goals', 'table', 'gate', 'capnp', 'arrow', 'browser'];

test.each(MODES)('pnpm bench %s tells how it is used, and refuses what it does not know', async (mode) => {
  const args = mode === '' ? [] : [mode];
  const help = await run(...args, '--help');
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain(`Usage: ${['pnpm bench', ...args].join(' ')} [options]`);
  expect(help.stdout).toContain('For example:');
  const refused = await run(...args, '--fast');
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain("Unknown option '--fast'");
  expect(refused.stderr).toContain('Try --help.');
});

/** What a bench says and writes. */
async function measured(...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-bench-test-'));
  try {
    const json = join(folder, 'results.json');
    const { code, stdout } = await run(...args, '--rounds', '1', '--seconds', '0.05', '--json', json);
    expect({ code, missing: /Missing:[\s\S]*/.exec(stdout)?.[0] }).toEqual({ code: 0, missing: undefined });
    return { stdout, data: JSON.parse(readFileSync(json, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('throughput: every message arrives, and is told with what it took', async () => {
  const { stdout, data } = await measured('--sizes', '64', '--peers', 'ours-tcp,ours-unix');
  expect(stdout).toContain('| zenoh-segments, TCP ');
  expect(data.results).toHaveLength(2);
  for (const result of data.results) {
    expect(result.messagesPerSecond.median).toBeGreaterThan(0);
    expect(result.copiedPerByte.received).toBe(1);
  }
  expect(data.goals.map(({ goal }: { goal: string }) => goal)).toContain('>= 0.5 x Rust');
});

test('what was not measured is not called missed', async () => {
  const { stdout, data } = await measured(
    '--sizes',
    '64',
    '--peers',
    'ours-tcp',
    '--segments',
    '2',
    '--transport',
    '{}',
  );
  expect(stdout).toContain('>= 0.5 x Rust not compared, >= 3 x zeromq.js not compared');
  expect(stdout).not.toContain('MISSED');
  expect(data).toMatchObject({ segments: 2, transport: {} });
});

test.each([
  [['--json', '/proc/x.json'], '--json: ENOENT'],
  [['--json', tmpdir()], '--json: EISDIR'],
  [['--profile', '/proc/nope'], '--profile: ENOENT'],
  [['--transport', '[1]'], '--transport: [1] is no JSON object, such as {"link"'],
  [['--sizes', ''], "--sizes: '' is no number from 8 to 67108864"],
])('%j is refused before anything is measured', async (args, said) => {
  const { code, stdout, stderr } = await run('--sizes', '64', '--peers', 'ours-tcp', ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(said);
});

test('latency: every message comes back', async () => {
  const { data } = await measured('latency', '--sizes', '8192', '--peers', 'ours-tcp,ours-shm', '--load', '200');
  for (const { microseconds } of data.results) {
    expect(microseconds.loaded.samples).toEqual([10]);
    expect(microseconds.alone.p50).toBeLessThanOrEqual(microseconds.alone.most);
  }
});

test('growth: a point for each value of each series, and a plot of all', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-plots-test-'));
  const { data } = await measured('growth', '--axes', 'publishers', '--plots', folder);
  const [{ points }] = data.results;
  expect(points.map(({ series, value }: { series: string; value: number }) => `${series} ${value}`)).toEqual(
    [1, 3, 10, 30, 100].flatMap((value) => [`local ${value}`, `tcp ${value}`]),
  );
  for (const { microseconds } of points) expect(microseconds.median).toBeGreaterThan(0);
  const svg = readFileSync(join(folder, 'publishers.svg'), 'utf8');
  rmSync(folder, { recursive: true });
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".*<\/svg>\n$/s);
  for (const label of ['Publishers in turn, messages of 64 B', 'same session', 'TCP, both ends', '>1<', '>100<'])
    expect(svg).toContain(label);
  expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(points.length);
  expect(svg).toContain('prefers-color-scheme: dark');
});

test('instructions are those of one file alone, without what it calls', async () => {
  const { instructionsOf } = await load('gate/callgrind.mjs');
  const text = [
    ...['events: Ir', 'ob=(1) /lib/libc.so', 'fn=(1) memcpy', '10 500'],
    ...['ob=(2) /somewhere/addon.node', 'fn=(2) put', '20 7', '+3 5'],
    ...['cob=(1)', 'cfn=(1)', 'calls=2 10', '23 1000', '* 1'],
    ...['ob=(1)', 'fn=(1)', '11 40', 'ob=(2)', 'fn=(2)', '-2 100', 'totals: 653'],
  ].join('\n');
  expect(instructionsOf(text, 'addon.node')).toBe(7 + 5 + 1 + 100);
});

test('the table of goals has medians of the runs, and in how many all of a row was met', async () => {
  const { goalTable } = await load('goals/table.mjs');
  const { verdict } = await load('goals.mjs');
  const goals = (a: number, b: number | undefined) => [
    verdict('over TCP', '1 MiB', a, { least: 1 }, ' x Rust'),
    verdict('over TCP', '16 MiB', b, { least: 1 }, ' x Rust'),
  ];
  const runs = [{ goals: goals(1, 1.5) }, { goals: goals(1.25, undefined) }, { goals: goals(0.5, 3) }];
  expect(
    goalTable({ runs })
      .split('\n')
      .at(-1)
      ?.split('|')
      .map((cell: string) => cell.trim()),
  ).toEqual(['', 'over TCP', '>= 1 x Rust', '1 MiB: 1, 16 MiB: 2.25', '1 of 3', '']);
});
