// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { filesIn, golden } from './tool.js';

const require = createRequire(import.meta.url);

function compile(typescript: string, project: string) {
  const bin = join(dirname(require.resolve(`${typescript}/package.json`)), 'bin/tsc');
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, '-p', project, '--listFiles'], {
    encoding: 'utf8',
    env,
  });
  return { status, stderr, lines: stdout.replaceAll('\\', '/').split('\n') };
}

test.each(['typescript-lowest', 'typescript-newest'])(
  'with %s the golden modules compile, and so does what uses them',
  (version) => {
    const { status, stderr, lines } = compile(version, golden);
    const errors = lines.filter((line) => line.includes('error TS'));
    expect({ status, stderr, errors }).toEqual({ status: 0, stderr: '', errors: [] });
    const seen = lines.filter((line) => line.includes('/golden/capnp/codegen/generated/'));
    expect(seen.length).toBe(filesIn(join(golden, 'generated')).length);
  },
);

test('the versions are the lowest and the newest that are supported', () => {
  const versions = ['typescript-lowest', 'typescript-newest'].map((name) => require(`${name}/package.json`).version);
  expect(versions).toEqual(['5.7.3', '7.0.2']);
});
