// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { Program } from '../support/program.js';

const bench = fileURLToPath(new URL('../../scripts/bench.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-gate-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'figures.json');
/** Counting takes seconds, more on a busy machine. */
const LIMIT_MS = 120_000;

type Figures = Record<string, Record<string, Record<string, number>>>;
const written = (): Figures => JSON.parse(readFileSync(file, 'utf8'));
const write = (figures: Figures) => writeFileSync(file, JSON.stringify(figures));
const gate = (args: string[], env?: Record<string, string>) =>
  new Program(bench, ['gate', '--figures', file, ...args], env).ended(LIMIT_MS);

test(
  'the gate writes what it counts, and fails for what is more, what is new and what is gone, and for nothing else',
  async () => {
    write({ instructions: { here: { put: 1 } } });
    expect(await gate(['--only', 'allocations', '--update'])).toMatchObject({ code: 0, stderr: '' });
    const figures = written();
    expect(Object.keys(figures)).toEqual(['instructions', 'allocations']);
    expect(figures.instructions).toEqual({ here: { put: 1 } });
    const [circumstances = '', ...others] = Object.keys(figures.allocations ?? {});
    expect(others).toEqual([]);
    const major = process.versions.node.split('.')[0];
    expect(circumstances).toBe(`Node ${major}, ${process.platform} ${process.arch}`);
    const counted = figures.allocations?.[circumstances] ?? {};
    for (const bytes of Object.values(counted)) expect(bytes).toBeGreaterThan(100);

    const [more = '', less = '', fresh = '', ...same] = Object.keys(counted);
    const { [fresh]: _, ...committed } = counted;
    const smaller = Math.round((counted[more] ?? 0) * 0.9);
    write({
      allocations: { [circumstances]: { ...committed, [more]: smaller, [less]: (counted[less] ?? 0) * 2, gone: 5 } },
    });
    const { code, stdout, stderr } = await gate(['--only', 'allocations']);
    expect(code).toBe(1);
    const lines = stderr.trim().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^bytes of heap per message, .*: \d+ where \d+ is committed \(\+\d+\.\d %, MORE\)$/),
      expect.stringMatching(
        /^bytes of heap per message, .*: \d+ where nothing is committed \(NEW: run with --update\)$/,
      ),
      'bytes of heap per message, gone: nothing where 5 is committed (no longer counted: run with --update)',
    ]);
    expect(lines[0]).toContain(`${more}: `);
    expect(lines[0]).toContain(`where ${smaller} is committed`);
    expect(lines[1]).toContain(`${fresh}: `);
    const row = (path: string) => stdout.split('\n').find((line) => line.startsWith(`| ${path} `));
    expect(row(less)).toMatch(/-\d+\.\d %, less: run with --update/);
    expect(same.length).toBeGreaterThan(0);
    for (const path of same) expect(row(path)).toMatch(/[+-]\d\.\d % +\|$/);
  },
  2 * LIMIT_MS,
);

test('other circumstances than those of the figures are told, and compared with nothing', async () => {
  write({ allocations: { 'Node 1, elsewhere': { put: 1 } } });
  const { code, stdout, stderr } = await gate(['--only', 'allocations']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^There are no figures of allocations for Node \d+, \w+ \w+: nothing is compared\.\n$/);
});

test('without valgrind the gate says so and goes on', async () => {
  write({});
  const told = 'valgrind is missing: instructions of the addon are not counted\n';
  expect(await gate(['--only', 'instructions'], { PATH: folder })).toMatchObject({ code: 0, stdout: told, stderr: '' });
});

test('figures that can not be read are a failure', async () => {
  writeFileSync(file, 'damaged');
  const { code, stderr } = await gate(['--only', 'allocations']);
  expect(code).toBe(1);
  expect(stderr).toContain("the figures can't be read: ");
});

test('the addon tells what compiled it', async () => {
  const { compilers } = await import(new URL('../../bench/gate/compilers.mjs', import.meta.url).href);
  writeFileSync(
    file,
    '\0rustc version 1.95.0 (59807616e 2026-04-14)\0Linker: LLD\0GCC: (Debian 12.2.0-14+deb12u1) 12.2.0\0',
  );
  expect(compilers(file)).toBe('rustc 1.95.0, C++ compiler 12');
  writeFileSync(file, 'stripped');
  expect(compilers(file)).toBe('rustc unknown, C++ compiler unknown');
  expect(() => compilers(join(folder, 'absent.node'))).toThrow('absent.node: run `pnpm build` first');
});
