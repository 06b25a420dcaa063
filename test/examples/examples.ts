// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { fileURLToPath } from 'node:url';
import { pythonPath } from '../support/peers.js';
import { Program } from '../support/program.js';

const file = (path: string) => fileURLToPath(new URL(`../../packages/examples/${path}`, import.meta.url));

/** A built program of packages/examples. */
export function example(name: string, ...args: string[]): Program {
  return new Program(file(`dist/${name}.js`), args);
}

/** A Python program of packages/examples. */
export function pythonExample(name: string, ...args: string[]): Program {
  return new Program(file(`src/${name}.py`), args, {}, [], [pythonPath()]);
}
