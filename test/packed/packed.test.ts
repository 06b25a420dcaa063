// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadedScripts } from '../support/loaded-scripts.js';
import { Program } from '../support/program.js';
import { freePort } from '../support/sessions.js';

const platform = new URL('../../packages/core/dist/native/platform.js', import.meta.url).href;
const { platformName } = (await import(platform)) as typeof import('../../packages/core/dist/native/platform.js');

// What a user gets: the packed packages, installed by npm into an empty folder outside the workspace.
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-packed-'));

/** Programs of a user, beside the packages they need. */
const user = join(folder, 'user');

function run(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** An empty project with these of the tarballs installed. */
function install(project: string, tarballs: readonly string[], ...flags: string[]): void {
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'package.json'), '{ "name": "user", "private": true, "type": "module" }');
  const args = ['install', '--no-audit', '--no-fund', ...flags, ...tarballs.map((file) => join(folder, file))];
  run('npm', args, project);
}

const addonPackage = `@zenoh-segments/core-${platformName()}`;
const tarballOf = (name: string) => `${name.replace('@', '').replace('/', '-')}-0.1.0.tgz`;
const coreTarball = tarballOf('@zenoh-segments/core');

function manifestIn(tarball: string): Record<string, unknown> {
  return JSON.parse(run('tar', ['-xzOf', join(folder, tarball), 'package/package.json'], folder));
}

beforeAll(() => {
  run(process.execPath, [join(root, 'scripts/pack.mjs'), folder], root);
  const tarballs = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  const names = ['arrow', 'capnp', 'core'].map((name) => tarballOf(`@zenoh-segments/${name}`));
  expect(tarballs.sort()).toEqual([...names, tarballOf(addonPackage)].sort());
  install(user, tarballs);
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const common = `
import { Config, Session } from '@zenoh-segments/core';
const [endpoint] = process.argv.slice(2);
const config = new Config();
config.insertJson5('scouting/multicast/enabled', 'false');
`;

const subscriber = `${common}
import { tableFromZBytes } from '@zenoh-segments/arrow';
config.insertJson5('listen/endpoints', JSON.stringify([endpoint]));
const session = await Session.open(config);
`;

test('a publisher and a subscriber out of the tarballs', async () => {
  writeFileSync(
    join(user, 'subscribe.js'),
    `${subscriber}
const inbox = await session.declareSubscriber('packed/**');
console.log('subscribed');
for await (const sample of inbox) {
  const table = tableFromZBytes(sample.payload());
  console.log('rows', table.numRows, table.getChild('n').get(2));
  break;
}
await session.close();
`,
  );
  writeFileSync(
    join(user, 'publish.js'),
    `${common}
import { tableToZBytes } from '@zenoh-segments/arrow';
import { capnpEncoding } from '@zenoh-segments/capnp';
import { tableFromArrays } from 'apache-arrow';
if (!capnpEncoding().startsWith('application/x-capnp')) throw new Error('capnp did not load');
config.insertJson5('listen/endpoints', '[]');
config.insertJson5('connect/endpoints', JSON.stringify([endpoint]));
const session = await Session.open(config);
const payload = tableToZBytes(tableFromArrays({ n: Int32Array.of(1, 2, 3) }));
// Until it was heard: the subscriber's declaration takes a moment to get here.
process.on('SIGTERM', async () => { clearInterval(timer); await session.close(); });
const timer = setInterval(() => session.put('packed/table', payload), 20);
`,
  );
  const endpoint = `tcp/127.0.0.1:${await freePort()}`;
  const subscribing = new Program(join(user, 'subscribe.js'), [endpoint]);
  await subscribing.says('subscribed');
  const publishing = new Program(join(user, 'publish.js'), [endpoint]);
  expect(await subscribing.ended()).toMatchObject({ code: 0, stdout: 'subscribed\nrows 3 3\n', stderr: '' });
  publishing.child.kill('SIGTERM');
  expect(await publishing.ended()).toMatchObject({ code: 0, stderr: '' });
});

test('the command out of the tarball shows its help', () => {
  const help = run(join(user, 'node_modules/.bin/zenoh-arrow'), ['--help'], user);
  expect(help).toContain('pub');
  expect(help).toContain('sub');
});

test('the generator out of the tarball makes modules of a schema that imports zenoh.capnp', () => {
  const capnpc = join(user, 'node_modules/.bin/capnpc-zenoh');
  expect(run(capnpc, ['--version'], user)).toBe('0.1.0\n');
  expect(readFileSync(join(user, 'node_modules/@zenoh-segments/capnp/zenoh.capnp'), 'utf8')).toContain(
    'annotation key',
  );
  run(capnpc, [join(root, 'test/golden/capnp/codegen/request.bin'), '--out', 'generated'], user);
  expect(readFileSync(join(user, 'generated/topics.ts'), 'utf8')).toBe(
    readFileSync(join(root, 'test/golden/capnp/codegen/generated/topics.ts'), 'utf8'),
  );
  const runtime =
    "const $ = await import('@zenoh-segments/capnp/runtime'); console.log(typeof $.structCodec, typeof $.Struct)";
  expect(run(process.execPath, ['--input-type=module', '-e', runtime], user)).toBe('function function\n');
});

interface Platform {
  readonly name: string;
  readonly os: string;
  readonly cpu: string;
  readonly libc?: string;
}
const platforms = JSON.parse(readFileSync(join(root, 'packages/core/platforms.json'), 'utf8')) as Platform[];

test('core has no addon inside, and asks for one package for each platform; in the repository it asks for none', () => {
  const core = manifestIn(coreTarball);
  expect(core.optionalDependencies).toEqual(
    Object.fromEntries(platforms.map(({ name }) => [`@zenoh-segments/core-${name}`, '0.1.0'])),
  );
  expect(core).not.toHaveProperty('scripts');
  expect(run('tar', ['-tzf', coreTarball], folder)).not.toContain('.node');
  const committed = JSON.parse(readFileSync(join(root, 'packages/core/package.json'), 'utf8'));
  expect(committed).not.toHaveProperty('optionalDependencies');
});

test('core keeps its files for itself, and an import of it loads three of them', () => {
  expect(loadedScripts('@zenoh-segments/core', user).filter((path) => path.includes('/core/'))).toEqual([
    '@zenoh-segments/core/dist/index.js',
    '@zenoh-segments/core/dist/shared/api.js',
    '@zenoh-segments/core/dist/shared/native.js',
  ]);
  const deep = '@zenoh-segments/core/dist/shared/api.js';
  const program = `await import('${deep}').catch(({ code }) => console.log(code))`;
  expect(run(process.execPath, ['--input-type=module', '-e', program], user)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
});

test('the package of the addon says where it fits, and runs nothing when it is installed', () => {
  const tarball = tarballOf(addonPackage);
  const { os, cpu, libc } = platforms.find(({ name }) => name === platformName()) as Platform;
  const manifest = manifestIn(tarball);
  expect(manifest).toMatchObject({ name: addonPackage, version: '0.1.0', os: [os], cpu: [cpu] });
  expect(manifest.libc).toEqual(libc === undefined ? undefined : [libc]);
  expect(manifest).not.toHaveProperty('scripts');
  const files = run('tar', ['-tzf', tarball], folder).trim().split('\n').sort();
  expect(files).toEqual(
    ['LICENSE', 'README.md', 'package.json', 'zenoh-segments.node'].map((file) => `package/${file}`),
  );
  // What a user downloads: symbols would be a third of it.
  expect(statSync(join(folder, tarball)).size).toBeLessThan(12e6);
});

describe('without a fitting addon', () => {
  const program = `
import { Config } from '@zenoh-segments/core';
try {
  new Config();
} catch ({ name, code, message }) {
  console.log(JSON.stringify({ name, code, message }));
}
`;

  async function refusal(project: string, env?: Record<string, string>): Promise<string> {
    writeFileSync(join(project, 'load.js'), program);
    const { code, stdout, stderr } = await new Program(join(project, 'load.js'), [], env).ended();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const error = JSON.parse(stdout);
    expect(error).toMatchObject({ name: 'CoreError', code: 'ADDON_LOAD' });
    return error.message;
  }

  test('the package left out: the error names it, and the command that installs it', async () => {
    const project = join(folder, 'bare');
    install(project, [coreTarball], '--omit=optional');
    const message = await refusal(project);
    expect(message).toContain(`no native addon for ${platformName()} could be loaded`);
    expect(message).toContain(`${addonPackage}/zenoh-segments.node: not installed`);
    expect(message).toContain(`\`npm install ${addonPackage}@0.1.0\``);
    expect(message).toContain('`pnpm build`');
    // And that is the fix.
    install(project, [coreTarball, tarballOf(addonPackage)]);
    const { stdout } = await new Program(join(project, 'load.js')).ended();
    expect(stdout).toBe('');
  }, 120_000);

  test('a broken addon, and a path that leads nowhere: the error says what was tried', async () => {
    const broken = join(folder, 'broken.node');
    writeFileSync(broken, 'no library');
    expect(await refusal(user, { ZENOH_SEGMENTS_ADDON: broken })).toContain(`${broken}: `);
    const nowhere = join(folder, 'nowhere.node');
    expect(await refusal(user, { ZENOH_SEGMENTS_ADDON: nowhere })).toContain(`${nowhere}: not there`);
  });
});
