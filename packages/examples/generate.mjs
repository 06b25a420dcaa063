// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Makes the TypeScript modules beside the schemas below src, with capnpc-zenoh. A part of the build; they are committed, so
// that it needs no `capnp` tool (Debian: capnproto) where the schemas are as they were.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LICENSE = '// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0\n';
const capnp = fileURLToPath(new URL('../capnp', import.meta.url));
const sources = fileURLToPath(new URL('src', import.meta.url));

/**
 * Brings the modules up to date. Needs packages/capnp built.
 *
 * @param {boolean} mayWrite whether to write what is not up to date
 * @returns {string[]} the modules that were not up to date; none without the `capnp` tool
 */
export function generate(mayWrite) {
  if (spawnSync('capnp', ['--version']).status !== 0) return [];
  const schemas = readdirSync(sources, { recursive: true }).filter((name) => name.endsWith('.capnp'));
  const output = mkdtempSync(join(tmpdir(), 'zenoh-segments-schemas-'));
  try {
    const plugin = `-o${join(capnp, 'bin/capnpc-zenoh.js')}:${output}`;
    const args = ['compile', `-I${capnp}`, plugin, ...schemas];
    const { status, stderr } = spawnSync('capnp', args, { cwd: sources, encoding: 'utf8' });
    if (status !== 0) throw new Error(`capnpc-zenoh: ${stderr}`);
    return schemas.map((name) => name.replace(/\.capnp$/, '.ts')).filter((name) => isStale(name, output, mayWrite));
  } finally {
    rmSync(output, { recursive: true });
  }
}

function isStale(name, output, mayWrite) {
  const text = LICENSE + readFileSync(join(output, name), 'utf8');
  const module = join(sources, name);
  if (existsSync(module) && readFileSync(module, 'utf8') === text) return false;
  if (mayWrite) writeFileSync(module, text);
  return true;
}
