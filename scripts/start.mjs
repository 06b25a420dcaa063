// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The main job: real tables travel between two processes, over shared memory and over TCP, and every copy is shown.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const run = (path, args) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(path, import.meta.url)), ...args], { stdio: 'inherit' }).status ??
  1;

const built = run('build.mjs', []);
process.exit(built === 0 ? run('../packages/examples/dist/main-job/index.js', process.argv.slice(2)) : built);
