// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { existsSync } from 'node:fs';
import process, { arch, platform } from 'node:process';
import { fileURLToPath } from 'node:url';
import { CoreError, type ErrorCode } from '../errors.js';
import type { Addon } from './addon.js';

/** Where an addon may be, best first: an explicit path, then the one delivered or built with the package. */
function candidates(): string[] {
  const explicit = process.env.ZENOH_SEGMENTS_ADDON;
  const packaged = fileURLToPath(new URL(`../../prebuilt/${platform}-${arch}/zenoh-segments.node`, import.meta.url));
  return explicit === undefined ? [packaged] : [explicit];
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
  for (const path of candidates()) {
    if (!existsSync(path)) {
      tried.push(`${path}: not there`);
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
    `no native addon for ${platform}-${arch} could be loaded:\n  ${tried.join('\n  ')}\n` +
      'Build it from a clone of the repository with `pnpm build` (needs Rust and a C++17 compiler).',
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
