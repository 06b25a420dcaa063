// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process, { arch, platform } from 'node:process';
import { fileURLToPath } from 'node:url';
import { CoreError, type ErrorCode } from '../errors.js';
import type { Addon } from './addon.js';
import { platformName } from './platform.js';

const own = new URL('../../', import.meta.url);

interface Candidate {
  readonly path: string;
  /** Why it is not there, when that is known already. */
  readonly missing?: string;
}

/**
 * Where an addon may be: the path that ZENOH_SEGMENTS_ADDON names and no other; or else the one built in this clone, then
 * the one of the platform's package.
 */
function candidates(): Candidate[] {
  const explicit = process.env.ZENOH_SEGMENTS_ADDON;
  if (explicit !== undefined) return [{ path: explicit }];
  const built = fileURLToPath(new URL(`prebuilt/${platform}-${arch}/zenoh-segments.node`, own));
  return [{ path: built }, delivered()];
}

function addonPackage(): string {
  return `@zenoh-segments/core-${platformName()}`;
}

function delivered(): Candidate {
  const path = `${addonPackage()}/zenoh-segments.node`;
  try {
    return { path: createRequire(import.meta.url).resolve(path) };
  } catch {
    return { path, missing: 'not installed' };
  }
}

/** What a user can do, by what the manifest says is published for this platform. */
function advice(): string {
  const { version, optionalDependencies = {} } = JSON.parse(readFileSync(new URL('package.json', own), 'utf8')) as {
    version: string;
    optionalDependencies?: Record<string, string>;
  };
  const name = addonPackage();
  const build = 'from a clone of the repository with `pnpm build` (needs Rust and a C++17 compiler)';
  if (!(name in optionalDependencies)) return `Build it ${build}; ZENOH_SEGMENTS_ADDON may name the file.`;
  return (
    `It comes with an optional dependency, which npm leaves out with --omit=optional, or for a lock file of another\n` +
    `platform. Install it: \`npm install ${name}@${version}\`. Or build it ${build},\n` +
    'and let ZENOH_SEGMENTS_ADDON name the file.'
  );
}

/**
 * An instance of the addon for this copy of the package alone: `require` would hand one instance, with one mailbox, to
 * every copy in the process.
 */
function instance(path: string): Addon {
  const module = { exports: {} };
  process.dlopen(module, path);
  return module.exports as Addon;
}

function load(): Addon {
  const tried: string[] = [];
  for (const { path, missing } of candidates()) {
    if (missing !== undefined || !existsSync(path)) {
      tried.push(`${path}: ${missing ?? 'not there'}`);
      continue;
    }
    try {
      return instance(path);
    } catch (cause) {
      tried.push(`${path}: ${(cause as Error).message}`);
    }
  }
  throw new CoreError(
    'ADDON_LOAD',
    `no native addon for ${platformName()} could be loaded:\n  ${tried.join('\n  ')}\n${advice()}`,
  );
}

let loaded: Addon | undefined;

/** The addon of this environment. @throws {CoreError} `ADDON_LOAD` */
export function addon(): Addon {
  loaded ??= load();
  return loaded;
}

/** Calls into the addon; its coded errors become {@link CoreError}. */
export function call<T>(run: (addon: Addon) => T): T {
  const native = addon();
  try {
    return run(native);
  } catch (error) {
    throw coreError(error);
  }
}

/** An error as the addon makes it, in our class; anything else as it is. */
export function coreError(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== 'string' || typeof message !== 'string' || error instanceof CoreError) return error;
  return new CoreError(code as ErrorCode, message);
}
