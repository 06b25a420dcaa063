// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The runtimes of test/runtimes: npm installs them there, at the versions and hashes of its lock file. They are no part of
// the workspace, because only tests need their 700 MB on disk. As a command it installs them, or fails with the reason.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { arch, argv, env, platform, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test/runtimes/', import.meta.url));
const modules = join(folder, 'node_modules');
const stamp = join(modules, '.lock-sha256');

/** By what tests call them: the executable, and what it needs to be told before the program. */
const COMMANDS = {
  node20: ['node20/bin/node'],
  node22: ['node22/bin/node'],
  node24: ['node24/bin/node'],
  bun: ['bun/bin/bun'],
  deno: ['deno/deno', 'run', '--allow-all', '--quiet'],
};

/**
 * The commands of the runtimes, installed first when they are absent or when the lock file changed. Never throws:
 * `missing` is the reason why there are none.
 *
 * @returns {{ runtimes: Record<string, string[]> } | { missing: string }}
 */
export function ensureRuntimes() {
  if (platform !== 'linux' || arch !== 'x64') {
    return { missing: `their packages are pinned for linux-x64 alone, and this is ${platform}-${arch}` };
  }
  try {
    const wanted = createHash('sha256')
      .update(readFileSync(join(folder, 'package-lock.json')))
      .digest('hex');
    if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) install(wanted);
    const runtimes = Object.entries(COMMANDS).map(([name, [file, ...args]]) => [name, [join(modules, file), ...args]]);
    const absent = runtimes.filter(([, [file]]) => !existsSync(file)).map(([name]) => name);
    return absent.length === 0 ? { runtimes: Object.fromEntries(runtimes) } : { missing: `npm left out ${absent}` };
  } catch (error) {
    return { missing: error.message };
  }
}

function install(wanted) {
  const started = Date.now();
  // Not console.error, around which jest puts a frame.
  const say = (text) => stderr.write(`Runtimes: ${text}\n`);
  say('installing Node 20, 22 and 24, Bun and Deno below test/runtimes (700 MB on disk): 10 seconds and the download.');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // The settings of jest's processes are not meant for npm.
  const options = { cwd: folder, encoding: 'utf8', env: { ...env, NODE_OPTIONS: '' } };
  const { status, error, stderr: complaints } = spawnSync('npm', args, options);
  if (status !== 0) throw new Error(`npm could not install them: ${(error?.message ?? complaints).trim()}`);
  writeFileSync(stamp, wanted);
  say(`ready after ${Math.round((Date.now() - started) / 1000)} s.`);
}

if (argv[1] !== undefined && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) {
  const found = ensureRuntimes();
  if ('missing' in found) {
    console.error(found.missing);
    process.exit(1);
  }
}
