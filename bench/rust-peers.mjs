// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const name = process.platform === 'win32' ? 'zenoh-segments-bench.exe' : 'zenoh-segments-bench';
const binary = fileURLToPath(new URL(`../target/release/${name}`, import.meta.url));
/** @type {string | undefined} */
let failure;

/** The Rust peers' binary, built when it is older than its source. @throws {Error} with the reason why there is none */
export function ensureRust() {
  if (failure !== undefined) throw new Error(failure);
  if (fresh()) return binary;
  // With the addon: cargo then chooses the same features for all they share, and reuses the addon's build of zenoh.
  const args = ['build', '--release', '--locked', '-p', 'zenoh-segments-addon', '-p', 'zenoh-segments-bench'];
  console.error('Compiling the Rust peers: half a minute, or 6 when the addon was not built yet.');
  const { status, error } = spawnSync('cargo', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) return binary;
  failure =
    error === undefined ? 'the Rust peers did not compile' : `no cargo to compile the Rust peers (${error.message})`;
  throw new Error(failure);
}

/** The Rust peers' binary if it is built, and not older than its source. */
export function builtRust() {
  return fresh() ? binary : undefined;
}

/** Removes the files in shared memory that ended Rust peers left. */
export function tidyRust() {
  if (existsSync(binary)) spawnSync(binary, ['tidy'], { stdio: 'ignore', timeout: 10_000 });
}

function fresh() {
  if (!existsSync(binary)) return false;
  const made = statSync(binary).mtimeMs;
  const source = new URL('rust/src/', import.meta.url);
  const files = [
    ...readdirSync(source).map((file) => new URL(file, source)),
    new URL('rust/Cargo.toml', import.meta.url),
  ];
  return files.every((file) => statSync(file).mtimeMs < made);
}
