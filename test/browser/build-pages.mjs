// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Builds the pages that the tests of this folder open, by the very command that users have for theirs.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const vite = path('../../packages/examples/node_modules/vite/bin/vite.js');
const pages = [path('page'), path('../../packages/examples/dashboard')];

export default function buildPages() {
  for (const page of pages.filter(existsSync)) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [vite, 'build', page], {
      encoding: 'utf8',
      // jest's flags are not for it.
      env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: '' },
    });
    if (status !== 0) throw new Error(`vite could not build ${page}:\n${stdout}${stderr}`);
  }
}
