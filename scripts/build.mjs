// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Builds the native addon and the TypeScript packages; both tools see by themselves what is fresh.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { arch, platform } from 'node:process';
import { fileURLToPath } from 'node:url';
import { generate } from '../packages/examples/generate.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const library = {
  linux: 'libzenoh_segments_addon.so',
  darwin: 'libzenoh_segments_addon.dylib',
  win32: 'zenoh_segments_addon.dll',
};

function works(command, args = ['--version']) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function demandTools() {
  const missing = [];
  if (!works('cargo')) missing.push('Rust 1.85 or newer with cargo: see https://rustup.rs');
  const compiler = process.env.CXX ?? (platform === 'win32' ? 'cl' : 'c++');
  if (platform !== 'win32' && !works(compiler)) {
    const hint =
      platform === 'darwin' ? '`xcode-select --install`' : '`apt-get install g++`, `dnf install gcc-c++` or the like';
    missing.push(`a C++17 compiler (${compiler}): ${hint}`);
  }
  if (missing.length === 0) return;
  console.error(
    `The native addon is compiled on this machine, and these are missing:\n${missing.map((m) => `  - ${m}`).join('\n')}`,
  );
  process.exit(1);
}

/** Rewrites one line on a terminal; elsewhere says something every half minute. */
function progress(started) {
  const seconds = () => Math.round((Date.now() - started) / 1000);
  let shown = 0;
  return (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K  ${text}, ${seconds()} s`);
    else if (seconds() - shown >= 30) {
      shown = seconds();
      console.error(`  ${text}, ${shown} s`);
    }
  };
}

function cargoBuild() {
  const started = Date.now();
  const cold = !existsSync(join(root, 'target/release', library[platform]));
  if (cold)
    console.error(
      'Compiling the native addon, about 345 crates: 6 to 12 minutes on 2 cores, this once. The last crates take a minute each.',
    );
  const show = progress(started);
  let crates = 0;
  let last = '';
  const log = [];
  const child = spawn('cargo', ['build', '--release', '--locked', '--color', 'never', '-p', 'zenoh-segments-addon'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    log.push(text);
    crates += text.split('Compiling ').length - 1;
    last = text.match(/Compiling (\S+)(?![\s\S]*Compiling )/)?.[1] ?? last;
    if (crates > 0) show(`${crates} crates compiled, now ${last}`);
  });
  const ticker = setInterval(() => crates > 0 && show(`${crates} crates compiled, now ${last}`), 1000);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearInterval(ticker);
      if (process.stderr.isTTY && crates > 0) process.stderr.write('\r\x1b[K');
      if (code !== 0) {
        console.error(`${log.join('')}\nThe native addon did not compile (cargo ended with ${code}).`);
        process.exit(1);
      }
      if (crates > 0)
        console.error(`Native addon: ${crates} crates compiled in ${Math.round((Date.now() - started) / 1000)} s.`);
      resolve();
    });
  });
}

/** Node refuses a symlink to a .so, and a loaded file must be replaced, not overwritten. */
function placeAddon() {
  const built = join(root, 'target/release', library[platform]);
  const folder = join(root, 'packages/core/prebuilt', `${platform}-${arch}`);
  const placed = join(folder, 'zenoh-segments.node');
  if (existsSync(placed) && readFileSync(placed).equals(readFileSync(built))) return;
  mkdirSync(folder, { recursive: true });
  copyFileSync(built, `${placed}.new`);
  renameSync(`${placed}.new`, placed);
  console.error(`Addon: ${placed.slice(root.length)} (${(statSync(placed).size / 1e6).toFixed(0)} MB)`);
}

function typescript(...projects) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const paths = projects.map((project) => join(root, project));
  const { status } = spawnSync(process.execPath, [tsc, '-b', ...paths], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

function bundle() {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/bundle.mjs')], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/** Where CI runs, the modules must be committed as the schemas say. */
function generateExamples() {
  const mayWrite = process.env.CI !== 'true';
  const stale = generate(mayWrite);
  for (const name of stale)
    console.error(`${mayWrite ? 'Generated' : 'Not as its schema says'}: packages/examples/src/${name}`);
  if (stale.length === 0 || mayWrite) return;
  console.error('Build once, and commit what it generates.');
  process.exit(1);
}

demandTools();
await cargoBuild();
placeAddon();
typescript('packages/capnp');
bundle();
generateExamples();
// The conformance list is also a program, for runtimes without jest.
typescript('packages/arrow', 'packages/examples', 'test/conformance');
