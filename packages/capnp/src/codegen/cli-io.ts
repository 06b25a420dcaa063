// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { CodegenError } from './codegen-error.js';
import type { GeneratedFile } from './generate.js';

/** The bytes of a file, or of a stream. */
export async function readInput(input: string | Readable): Promise<Uint8Array> {
  try {
    if (typeof input === 'string') return await readFile(input);
    const chunks: Buffer[] = [];
    for await (const chunk of input) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } catch (cause) {
    const name = typeof input === 'string' ? `'${input}'` : 'standard input';
    throw new CodegenError('INPUT', `can't read ${name}: ${reason(cause)}`, { cause });
  }
}

/** Writes the modules, all of them or none: they get their names when all are on disk. */
export async function writeOutput(folder: string, files: readonly GeneratedFile[]): Promise<void> {
  refuseDuplicates(files);
  const parts = files.map(({ path, text }) => {
    const target = join(folder, path);
    return { target, part: `${target}.${process.pid}.part`, text };
  });
  let target = folder;
  try {
    for (const each of parts) {
      target = each.target;
      await makeFolder(dirname(target));
      if (await isFolder(target)) throw new Error('it is a folder');
      await writeFile(each.part, each.text);
    }
    for (const each of parts) {
      target = each.target;
      await rename(each.part, target);
    }
  } catch (cause) {
    for (const { part } of parts) await rm(part, { force: true }).catch(() => {});
    throw new CodegenError('OUTPUT', `can't write '${target}': ${reason(cause)}`, { cause });
  }
}

/** Schemas of one name in several folders, all of which `--src-prefix` cut off, would overwrite each other. */
function refuseDuplicates(files: readonly GeneratedFile[]): void {
  const paths = new Set<string>();
  for (const { path } of files) {
    if (paths.has(path)) throw new CodegenError('NAME_COLLISION', `two schemas would both be written to '${path}'`);
    paths.add(path);
  }
}

/** A folder and those that it is in. Node's own way never ends where one can't be made and none says why, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  await mkdir(folder).catch(async (cause: unknown) => {
    // Another process can have made it.
    if (!(await isFolder(folder))) throw cause;
  });
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
