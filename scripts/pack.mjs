// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Tarballs as they would be published: core, capnp, arrow, and the package with the addon that was built for this platform.
//   node scripts/pack.mjs <folder> [--addon-only]
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { arch, argv, env, execPath, exit, platform } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const core = join(root, 'packages/core');
const platforms = JSON.parse(readFileSync(join(core, 'platforms.json'), 'utf8'));
const { name: coreName, version, license, engines } = JSON.parse(readFileSync(join(core, 'package.json'), 'utf8'));

function run(command, args, cwd) {
  // npm is a script on Windows, which only a shell starts.
  const { status } = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: platform === 'win32' && command === 'npm',
    env: { ...env, NODE_OPTIONS: '' },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** npm_execpath: the pnpm that started this, which need not be on the PATH. */
function pnpm(...args) {
  const own = env.npm_execpath;
  if (own?.includes('pnpm')) run(execPath, [own, ...args], root);
  else run('npx', ['-y', 'pnpm@10.34.9', ...args], root);
}

/** What npm reads of an addon's package: where it fits, and nothing that runs. */
function addonManifest({ name, os, cpu, libc }) {
  return {
    name: `${coreName}-${name}`,
    version,
    description: `The native addon of ${coreName} for ${name}`,
    license,
    engines,
    os: [os],
    cpu: [cpu],
    ...(libc === undefined ? {} : { libc: [libc] }),
    type: 'commonjs',
    main: 'zenoh-segments.node',
    files: ['zenoh-segments.node'],
  };
}

async function packAddon(folder) {
  const { platformName } = await import(new URL('../packages/core/dist/native/platform.js', import.meta.url).href);
  const own = platforms.find(({ name }) => name === platformName());
  if (own === undefined)
    throw new Error(`no package is planned for ${platformName()}: see packages/core/platforms.json`);
  const addon = join(core, 'prebuilt', `${platform}-${arch}`, 'zenoh-segments.node');
  if (!existsSync(addon)) throw new Error(`${addon} is missing: build it first`);
  const stage = mkdtempSync(join(tmpdir(), 'zenoh-segments-addon-'));
  try {
    copyFileSync(addon, join(stage, 'zenoh-segments.node'));
    copyFileSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(addonManifest(own), undefined, 2)}\n`);
    writeFileSync(join(stage, 'README.md'), `The native addon of \`${coreName}\` for ${own.name}; core installs it.\n`);
    run('npm', ['pack', '--loglevel=error', '--pack-destination', folder], stage);
  } finally {
    rmSync(stage, { recursive: true });
  }
}

const args = argv.slice(2);
const [given] = args.filter((arg) => !arg.startsWith('--'));
if (given === undefined) {
  console.error('usage: node scripts/pack.mjs <folder> [--addon-only]');
  exit(2);
}
const folder = resolve(given);
mkdirSync(folder, { recursive: true });
if (!args.includes('--addon-only')) {
  for (const name of ['core', 'capnp', 'arrow'])
    pnpm('--dir', `packages/${name}`, 'pack', '--pack-destination', folder);
}
await packAddon(folder);
