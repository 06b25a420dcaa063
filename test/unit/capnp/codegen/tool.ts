// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from '@jest/globals';

const generator = new URL('../../../../packages/capnp/dist/codegen/generate.js', import.meta.url).href;
export const { generate } = (await import(
  generator
)) as typeof import('../../../../packages/capnp/dist/codegen/generate.js');

const path = (url: string) => fileURLToPath(new URL(url, import.meta.url));

/** Where zenoh.capnp is, as a user names it with `-I`. */
export const packageFolder = path('../../../../packages/capnp');
export const command = join(packageFolder, 'bin/capnpc-zenoh.js');
export const golden = path('../../../golden/capnp/codegen');
export const schemaFolder = join(golden, 'schema');

/** Cap'n Proto's own tool (Debian: capnproto). CI has it; without it here, the skip is shown. */
export const hasTool = spawnSync('capnp', ['--version']).status === 0;
export const judged = hasTool || process.env.CI === 'true' ? test : test.skip;

/** The arguments with which the tool compiles all golden schemas, in their folder. */
export function goldenArguments(): string[] {
  const include = join(golden, 'include');
  const files = filesIn(schemaFolder).filter((file) => file.endsWith('.capnp'));
  return [`-I${packageFolder}`, `-I${include}`, `--src-prefix=${include}`, ...files, `${include}/capnp/example.capnp`];
}

/** The request that the tool makes of schema texts, by their file names. */
export function requestOf(schemas: Readonly<Record<string, string>>): Buffer {
  return withFolder((folder) => {
    for (const [name, text] of Object.entries(schemas)) writeFileSync(join(folder, name), text);
    const args = ['compile', `-I${packageFolder}`, '-o-', ...Object.keys(schemas)];
    return execFileSync('capnp', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  });
}

export function withFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'capnpc-zenoh-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  let result: T;
  try {
    result = use(folder);
  } catch (error) {
    remove();
    throw error;
  }
  if (result instanceof Promise) return result.finally(remove) as T;
  remove();
  return result;
}

/** Every file below a folder, in order, with slashes. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}
