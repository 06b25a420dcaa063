// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Everything that must hold besides the tests, in one order, for people and for CI.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePython } from './python-peers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules/.bin', name);
const LONGEST = 500;
const LICENSE = 'SPDX-License-Identifier: EPL-2.0 OR Apache-2.0';

function run(command, ...args) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

function listed(...patterns) {
  const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  });
  return stdout.split('\n').filter(Boolean);
}

/** Code files carry the licence line and stay readable. */
function shape() {
  const wrong = [];
  for (const file of listed('*.ts', '*.mjs', '*.js', '*.rs', '*.cc', '*.h', '*.py')) {
    const text = readFileSync(join(root, file), 'utf8');
    const lines = text.split('\n').length - 1;
    if (!text.slice(0, 200).includes(LICENSE)) wrong.push(`${file}: the first line must be the ${LICENSE} line`);
    if (lines > LONGEST && !file.startsWith('test/golden/'))
      wrong.push(`${file}: ${lines} lines, ${LONGEST} are allowed`);
  }
  for (const line of wrong) console.error(line);
  return wrong.length === 0;
}

function clangFormat() {
  const python = ensurePython();
  if ('missing' in python) {
    console.error(`clang-format comes with the Python peers, which are missing: ${python.missing}`);
    return false;
  }
  const files = listed('packages/core/native/src/addon/*');
  return run(join(dirname(python.python), 'clang-format'), '--dry-run', '-Werror', ...files);
}

/** The exports maps, judged on the very tarballs that would be published. */
function packages() {
  const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-pack-'));
  try {
    if (!run(process.execPath, 'scripts/pack.mjs', folder)) return false;
    return readdirSync(folder).every((tarball) => {
      const path = join(folder, tarball);
      // A package with an addon alone has no types to judge.
      const typed = !tarball.includes(`-core-${process.platform}-`);
      return (
        run(bin('publint'), 'run', path, '--strict') && (!typed || run(bin('attw'), path, '--profile', 'esm-only'))
      );
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Which features of zenoh lack a conformance case: shown always, a failure once test/conformance/parity.ts says STRICT. */
async function featureParity() {
  const { missing, STRICT } = await import(new URL('../test/dist/conformance/parity.js', import.meta.url).href);
  for (const line of missing()) console.error(`  ${STRICT ? '' : 'not strict yet: '}${line}`);
  return !STRICT || missing().length === 0;
}

const gates = [
  ['build', () => run(process.execPath, 'scripts/build.mjs')],
  ['file shape', shape],
  ['biome', () => run(bin('biome'), 'ci', '.')],
  ['types of tests and bench', () => run(bin('tsc'), '-p', 'test') && run(bin('tsc'), '-p', 'bench')],
  ['rustfmt', () => run('cargo', 'fmt', '--all', '--check')],
  ['clippy', () => run('cargo', 'clippy', '--workspace', '--release', '--locked', '--quiet', '--', '-D', 'warnings')],
  ['clang-format', clangFormat],
  ['feature parity', featureParity],
  ['packages', packages],
];

for (const [name, holds] of gates) {
  console.error(`gate: ${name}`);
  if (!(await holds())) {
    console.error(`gate failed: ${name}`);
    process.exit(1);
  }
}
