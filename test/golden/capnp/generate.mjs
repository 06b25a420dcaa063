// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Regenerates the .ts beside each .capnp: `node test/golden/capnp/generate.mjs`, with Cap'n Proto's `capnp` tool
// (Debian: capnproto) on the PATH.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileAll } from 'capnp-es/compiler';

const directory = new URL('.', import.meta.url);
const biome = fileURLToPath(new URL('../../../node_modules/.bin/biome', import.meta.url));

/** As this project writes code, under another name: biome.json leaves golden files alone. */
function formatted(/** @type {string} */ code) {
  return execFileSync(biome, ['check', '--write', '--unsafe', '--stdin-file-path=generated.ts'], { input: code });
}

for (const schema of [
  'telemetry.capnp',
  'kinds.capnp',
  'hostile.capnp',
  'evolution/old.capnp',
  'evolution/new.capnp',
]) {
  const request = execFileSync('capnp', ['compile', '-o-', schema], { cwd: directory });
  const { files } = await compileAll(request, { ts: true, js: false, dts: false });
  for (const [name, code] of files) {
    // capnp-es writes for compilers that don't ask for `override`; ours does.
    const strict = code
      .replaceAll(/^(\s*)toString\(\)/gm, '$1override toString()')
      .replaceAll('static readonly _capnp =', 'static override readonly _capnp =');
    const head = `// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0\n// From ${schema}, by generate.mjs.\n`;
    writeFileSync(new URL(name, directory), formatted(head + strict));
  }
}
