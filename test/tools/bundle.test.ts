// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Core's JavaScript is bundled: few files for Node to find, and each module in one of them, however a program gets there.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import * as native from '@zenoh-segments/core';
import * as ext from '@zenoh-segments/core/ext';
import * as websocket from '@zenoh-segments/core/websocket';
import { loadedScripts } from '../support/loaded-scripts.js';

const core = fileURLToPath(new URL('../../packages/core', import.meta.url));
const dist = join(core, 'dist');
const here = fileURLToPath(new URL('.', import.meta.url));
const scripts = (readdirSync(dist, { recursive: true }) as string[]).filter((name) => name.endsWith('.js')).sort();

// A name that comes here costs every program that imports core: half a millisecond for each module, more for CommonJS.
test('an import of core loads three files of ours and two of a dependency', () => {
  expect(loadedScripts('@zenoh-segments/core', here)).toEqual([
    'core/dist/index.js',
    'core/dist/shared/api.js',
    'core/dist/shared/native.js',
    'typed-duration/dist/index.js',
    'typed-duration/dist/lib/index.js',
  ]);
});

test('the entry for browsers has nothing of the native one', () => {
  const loaded = loadedScripts('@zenoh-segments/core/websocket', here);
  expect(loaded.filter((path) => path.startsWith('core/'))).toEqual([
    'core/dist/shared/api.js',
    'core/dist/websocket/index.js',
  ]);
});

test('each module is in one file, which its map names', () => {
  const places = new Map<string, string[]>();
  for (const script of scripts) {
    const text = readFileSync(join(dist, script), 'utf8');
    const map = /^\/\/# sourceMappingURL=(.*)$/m.exec(text)?.[1];
    // Without a map it only passes on what another file has.
    if (map === undefined) {
      expect(text.replace(/^\/\/.*\n/gm, '')).toMatch(
        /^(import \{[^}]*\} from "[^"]*";\n)*export \{[^}]*\}( from "[^"]*")?;\n$/,
      );
      continue;
    }
    const path = join(dist, dirname(script), map);
    const { sources } = JSON.parse(readFileSync(path, 'utf8')) as { sources: string[] };
    for (const source of sources) {
      const name = relative(core, join(dirname(path), source));
      places.set(name, [...(places.get(name) ?? []), script]);
    }
  }
  expect([...places].filter(([, found]) => found.length > 1)).toEqual([]);
  // Nothing of a dependency: those have licences of their own.
  expect([...places.keys()].filter((name) => !name.startsWith('src/'))).toEqual([]);
  for (const name of ['session', 'errors', 'zbytes/zbytes', 'native/load', 'native/event-loop', 'websocket/connection'])
    expect([...places.keys()]).toContain(`src/${name}.ts`);
});

test('there are the entries, what they share, and the two that tests take by path', () => {
  const entries = ['ext/index.js', 'index.js', 'websocket/index.js'];
  expect(scripts).toEqual(
    [...entries, 'native/load.js', 'native/platform.js', 'shared/api.js', 'shared/native.js'].sort(),
  );
});

test('the entries give the same classes, but for what each backend has of its own', () => {
  const ofWebsocket = new Map<string, unknown>(Object.entries(websocket));
  const other = Object.entries(native).filter(([name, value]) => ofWebsocket.get(name) !== value);
  expect(other.map(([name]) => name).sort()).toEqual([
    'Config',
    'ShmProvider',
    'ShmRecycler',
    'alloc',
    'cleanupOrphanedShmSegments',
    'diagnoseShm',
    'handOver',
    'heap',
    'takeOver',
  ]);
});

test('a file taken by its path has the same classes and state as the entry', () => {
  const program = `
    import { Config, CoreError } from '@zenoh-segments/core';
    import { addon } from '${new URL('../../packages/core/dist/native/load.js', import.meta.url)}';
    const failure = (run) => { try { run(); } catch (error) { return error; } };
    const theirs = failure(addon);
    console.log(theirs instanceof CoreError, theirs.code);
    delete process.env.ZENOH_SEGMENTS_ADDON;
    new Config();
    // Were it another module, it would still have to load one.
    process.env.ZENOH_SEGMENTS_ADDON = 'nowhere.node';
    console.log(typeof addon().configDefault);
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: here,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', ZENOH_SEGMENTS_ADDON: 'nowhere.node' },
  });
  expect({ stdout, stderr }).toEqual({ stdout: 'true ADDON_LOAD\nfunction\n', stderr: '' });
});

test('what is exported keeps its name, for stack traces', () => {
  for (const entry of [native, websocket, ext]) {
    const renamed = Object.entries(entry).filter(([name, value]) => typeof value === 'function' && value.name !== name);
    expect(renamed.map(([name]) => name)).toEqual([]);
  }
});

test('with source maps a stack leads to the line of the source', () => {
  const program = `
    import { KeyExpr } from '@zenoh-segments/core';
    try { new KeyExpr('//'); } catch (error) { console.log(error.stack); }
  `;
  const flags = ['--enable-source-maps', '--input-type=module', '-e', program];
  const { stdout } = spawnSync(process.execPath, flags, {
    cwd: here,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const [, file = '', line = '0'] = /at validate \((?:file:\/\/)?(.*):(\d+):\d+\)/.exec(stdout) ?? [];
  expect({ stdout, file }).toMatchObject({ file: join(core, 'src/key-expr/validate.ts') });
  expect(readFileSync(file, 'utf8').split('\n')[Number(line) - 1]).toContain('throw new CoreError(');
});
