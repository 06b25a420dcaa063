// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const build = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));

test('without cargo and a compiler, the build names what to install', () => {
  const { status, stderr } = spawnSync(process.execPath, [build], { encoding: 'utf8', env: { PATH: '/nowhere' } });
  expect(status).toBe(1);
  expect(stderr).toContain('Rust 1.85 or newer with cargo: see https://rustup.rs');
  expect(stderr).toContain('a C++17 compiler (c++)');
});

test('what is fresh is not rebuilt', () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [build], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: '', stdout: '' });
});
