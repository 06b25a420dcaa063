// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

/** @typedef {import('../../test/golden/capnp/telemetry.js')} Schema */

const source = new URL('../../test/golden/capnp/telemetry.ts', import.meta.url);
const compiled = new URL('../dist/capnp/telemetry.mjs', import.meta.url);

/**
 * Writes the classes that capnp-es generated from test/golden/capnp/telemetry.capnp as JavaScript, for every Node this
 * project runs on.
 */
export async function compileSchema() {
  // Only here: it takes a second to load, which those who use the classes need not wait for.
  const { default: ts } = await import('typescript');
  const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  mkdirSync(new URL('.', compiled), { recursive: true });
  writeFileSync(compiled, outputText);
}

/** The classes, the same for stock capnp-es and for ours. @returns {Promise<Schema>} */
export async function loadSchema() {
  return await import(compiled.href);
}
