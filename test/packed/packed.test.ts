// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Program } from '../support/program.js';
import { freePort } from '../support/sessions.js';

// What a user gets: the packed packages, installed by npm into an empty folder outside the workspace.
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-packed-'));

function run(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** `pnpm`, by the way it was started; it need not be on the PATH. */
function pnpm(...args: string[]): void {
  const own = process.env.npm_execpath;
  if (own?.includes('pnpm')) run(process.execPath, [own, ...args], root);
  else run('npx', ['-y', 'pnpm@10.34.9', ...args], root);
}

beforeAll(() => {
  for (const name of ['core', 'capnp', 'arrow'])
    pnpm('--dir', `packages/${name}`, 'pack', '--pack-destination', folder);
  const tarballs = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  expect(tarballs).toHaveLength(3);
  writeFileSync(join(folder, 'package.json'), '{ "name": "user", "private": true, "type": "module" }');
  run('npm', ['install', '--no-audit', '--no-fund', ...tarballs.map((file) => `./${file}`)], folder);
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
    join(folder, 'subscribe.js'),
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
    join(folder, 'publish.js'),
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
  const subscribing = new Program(join(folder, 'subscribe.js'), [endpoint]);
  await subscribing.says('subscribed');
  const publishing = new Program(join(folder, 'publish.js'), [endpoint]);
  expect(await subscribing.ended()).toMatchObject({ code: 0, stdout: 'subscribed\nrows 3 3\n', stderr: '' });
  publishing.child.kill('SIGTERM');
  expect(await publishing.ended()).toMatchObject({ code: 0, stderr: '' });
});

test('the command out of the tarball shows its help', () => {
  const help = run(join(folder, 'node_modules/.bin/zenoh-arrow'), ['--help'], folder);
  expect(help).toContain('pub');
  expect(help).toContain('sub');
});
