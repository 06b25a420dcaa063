// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Writes the pages of docs that tests make: the same tests, told to write instead of to compare.
import { spawnSync } from 'node:child_process';
import { env, execPath, exit } from 'node:process';
import { fileURLToPath } from 'node:url';

const test = fileURLToPath(new URL('test.mjs', import.meta.url));
const { status } = spawnSync(execPath, [test, 'conformance/parity', 'runtimes/', 'codegen/golden'], {
  stdio: 'inherit',
  env: { ...env, UPDATE_DOCS: '1' },
});
exit(status ?? 1);
