// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Core's JavaScript, packages/core/dist: its 170 modules in a few files, as Node takes half a millisecond to find,
// read and compile each. tsc checks them, and writes their types beside these files. A part of the build; by itself after `tsc -b`.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const core = fileURLToPath(new URL('../packages/core', import.meta.url));
const dist = join(core, 'dist');

/** What tests and scripts take by its path, and nobody else can: it is in no exports map. */
const INTERNAL = ['native/load', 'native/platform'];

/** Modules of an exports map, by their names below dist. */
function exported(map) {
  if (typeof map !== 'string') return Object.values(map).flatMap(exported);
  return /^\.\/dist\/(.*)\.js$/.exec(map)?.slice(1) ?? [];
}

async function bundled() {
  const manifest = JSON.parse(readFileSync(join(core, 'package.json'), 'utf8'));
  const names = [...new Set([...exported(manifest.exports), ...INTERNAL])];
  const packages = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const bundle = await rolldown({
    cwd: core,
    input: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
    external: (id) => id.startsWith('node:') || packages.some((name) => id === name || id.startsWith(`${name}/`)),
    platform: 'neutral',
    tsconfig: 'tsconfig.json',
    transform: { target: 'es2022' },
    onLog(level, { message }) {
      if (level === 'warn') throw new Error(`the bundle of core: ${message}`);
    },
  });
  try {
    const { output } = await bundle.generate({
      sourcemap: true,
      banner: '// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0',
      // The types have the documentation.
      comments: { jsdoc: false },
      minifyInternalExports: false,
      chunkFileNames: 'shared/[name].js',
      // Each module is in one file, whichever entry it is reached by: else a class or the event loop would be there twice.
      codeSplitting: {
        groups: [
          { name: 'api', test: /[\\/]src[\\/](?!native[\\/]|websocket[\\/]|ext[\\/]|index\.ts$)/, priority: 1 },
          { name: 'native', test: /[\\/]src[\\/]native[\\/]/ },
        ],
      },
    });
    return output;
  } finally {
    await bundle.close();
  }
}

// What is the same stays, as others may be reading it; scripts that are no longer made go.
const files = new Map((await bundled()).map((file) => [join(dist, file.fileName), file.code ?? file.source]));
mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist, { recursive: true })) {
  const path = join(dist, name);
  if (/\.js(\.map)?$/.test(name) && !files.has(path)) rmSync(path);
}
for (const [path, text] of files) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
