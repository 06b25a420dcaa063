// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The Python peers of test/interop: a virtual environment `.venv` with the exact versions of test/peers/requirements.txt.
// As a command it prints the interpreter's path, or fails with the reason.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, kill, pid, platform, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const requirements = join(root, 'test/peers/requirements.txt');
const venv = join(root, '.venv');
const python = join(venv, ...(platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
/** Holds the hash of the requirements that were installed. */
const stamp = join(venv, 'requirements.sha256');
const lock = join(venv, 'lock');

/**
 * The interpreter of an environment that has what the requirements ask for; made first when it is absent or when the
 * requirements changed. Never throws: `missing` is the reason why there is none. Safe to call from several processes.
 *
 * @returns {{ python: string } | { missing: string }}
 */
export function ensurePython() {
  try {
    const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
    const ready = () => existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
    if (ready()) return { python };
    mkdirSync(venv, { recursive: true });
    takeLock();
    try {
      // Another process may have made it meanwhile.
      if (!ready()) install(wanted);
    } finally {
      rmSync(lock, { force: true });
    }
    return { python };
  } catch (error) {
    return { missing: error.message };
  }
}

function install(wanted) {
  const started = Date.now();
  const base = basePython();
  say('making .venv and installing test/peers/requirements.txt (250 MB on disk): 10 seconds and the download.');
  rmSync(stamp, { force: true });
  run('no Python environment', base, ['-m', 'venv', venv]);
  const quick = ['--disable-pip-version-check', '--quiet', '--retries', '1', '--timeout', '20'];
  // Wheels only: compiling Arrow here would take an hour, and needs tools that nobody expects of a test.
  const args = ['-m', 'pip', 'install', ...quick, '--only-binary', ':all:', '-r', requirements];
  run('the Python peers could not be installed', python, args);
  writeFileSync(stamp, wanted);
  say(`ready after ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** Not console.error, around which jest puts a frame. */
function say(text) {
  stderr.write(`Python peers: ${text}\n`);
}

function basePython() {
  for (const name of platform === 'win32' ? ['python', 'py'] : ['python3', 'python']) {
    if (spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0) return name;
  }
  throw new Error('no Python 3.10 or newer on the PATH');
}

function run(failure, command, args) {
  const { status, error, stdout, stderr: complaints } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  const output = (error?.message ?? `${stdout}${complaints}`).trim();
  // The last lines hold the reason; pip's and venv's first ones are progress.
  throw new Error(`${failure}: ${output.split('\n').slice(-6).join('\n')}`);
}

/** One process installs, the others wait for it; the lock of a process that died is taken over. */
function takeLock() {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      writeFileSync(lock, String(pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isStale()) rmSync(lock, { force: true });
    else Atomics.wait(nap, 0, 0, 100);
  }
}

function isStale() {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    // Empty for the moment between its making and its writing.
    if (owner > 0) kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

if (argv[1] !== undefined && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) {
  const found = ensurePython();
  if ('missing' in found) {
    console.error(found.missing);
    process.exit(1);
  }
  console.log(found.python);
}
