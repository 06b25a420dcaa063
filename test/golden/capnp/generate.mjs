// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Regenerates telemetry.ts from telemetry.capnp: `node test/golden/capnp/generate.mjs`, with Cap'n Proto's `capnp` tool
// (Debian: capnproto) on the PATH, and `npx biome check --write --unsafe test/golden/capnp` after it.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { compileAll } from 'capnp-es/compiler';

const directory = new URL('.', import.meta.url);
const request = execFileSync('capnp', ['compile', '-o-', 'telemetry.capnp'], { cwd: directory });
const { files } = await compileAll(request, { ts: true, js: false, dts: false });
for (const [name, code] of files) {
  // capnp-es writes for compilers that don't ask for `override`; ours does.
  const strict = code
    .replaceAll(/^(\s*)toString\(\)/gm, '$1override toString()')
    .replaceAll('static readonly _capnp =', 'static override readonly _capnp =');
  writeFileSync(
    new URL(name, directory),
    `// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0\n// From ${name.replace('.ts', '.capnp')}, by generate.mjs.\n${strict}`,
  );
}
