// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { transformSync } from '@swc/core';
import { Program } from '../support/program.js';

/** Runs the first program of a document; what it says must be this. */
async function says(document: string, expected: string): Promise<void> {
  const text = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8');
  const source = /```ts\n([\s\S]*?)```/.exec(text)?.[1];
  expect(source).toBeDefined();
  // Inside the test package, where the imports resolve.
  const folder = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), 'readme-'));
  try {
    const file = join(folder, 'program.mjs');
    const { code } = transformSync(source as string, {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    });
    writeFileSync(file, code);
    const { code: exit, stdout, stderr } = await new Program(file).ended();
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toBe(expected);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the program in the README runs, ends by itself and copies nothing', () =>
  says(
    'README.md',
    'demo/frame 1000003 2 { carried: 1000003, copied: 0, reasons: {} }\n' +
      'demo/frame 1000000 1 { carried: 1000000, copied: 0, reasons: {} }\n',
  ));

test('so does the one that shows table topics', () =>
  says('docs/arrow-topics.md', 'demo/table 2 {"time": 1.5, "name": "first"}\n'));
