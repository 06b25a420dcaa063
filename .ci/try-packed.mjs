// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Installs the tarballs of a folder into an empty project and lets two sessions talk: node .ci/try-packed.mjs <folder>
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folder = resolve(process.argv[2]);
const project = mkdtempSync(join(tmpdir(), 'zenoh-segments-try-'));

function run(command, args) {
  const shell = process.platform === 'win32' && command === 'npm';
  const { status } = spawnSync(command, args, { cwd: project, stdio: 'inherit', shell });
  if (status !== 0) process.exit(1);
}

const program = `
import { CongestionControl, Config, Session } from '@zenoh-segments/core';
const config = (listen, connect) => {
  const made = new Config();
  made.insertJson5('scouting/multicast/enabled', 'false');
  made.insertJson5('listen/endpoints', JSON.stringify(listen));
  made.insertJson5('connect/endpoints', JSON.stringify(connect));
  return made;
};
const endpoint = 'tcp/127.0.0.1:17447';
const left = await Session.open(config([endpoint], []));
const right = await Session.open(config([], [endpoint]));
const subscriber = await left.declareSubscriber('try/packed');
const timer = setInterval(
  () => right.put('try/packed', new Uint8Array(100_000).fill(7), { congestionControl: CongestionControl.BLOCK }),
  20,
);
for await (const sample of subscriber) {
  const payload = sample.payload();
  payload.assertZeroCopy();
  if (payload.length !== 100_000 || payload.toBytes().some((byte) => byte !== 7)) throw new Error('other bytes came');
  break;
}
clearInterval(timer);
await right.close();
await left.close();
console.log('two sessions of the packed addon talked, on', process.platform, process.arch, process.version);
`;

writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
writeFileSync(join(project, 'try.js'), program);
const tarballs = readdirSync(folder).filter((file) => /core.*\.tgz$/.test(file));
run('npm', ['install', '--no-audit', '--no-fund', ...tarballs.map((file) => join(folder, file))]);
run(process.execPath, ['try.js']);
