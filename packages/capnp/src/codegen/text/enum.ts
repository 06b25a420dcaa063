// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Enumerant } from '../model.js';
import type { Module } from './module.js';
import { constantName, TakenNames } from './names.js';

/**
 * An enum: an object of its values, and the type of them. Also the tags of a union.
 *
 * @param what for messages: `telemetry.capnp:Health`
 */
export function writeEnum(name: string, what: string, doc: string, values: readonly Enumerant[], module: Module): void {
  const { lines } = module;
  const taken = new TakenNames();
  lines.line();
  lines.doc(doc);
  const body = () => {
    for (const { name, value, doc } of values) {
      const key = constantName(name);
      taken.take(key, `${what}.${name}`);
      lines.doc(doc);
      lines.line(`${key}: ${value},`);
    }
  };
  lines.block(`export const ${name} = {`, body, '} as const;');
  lines.assign(`export type ${name}`, `(typeof ${name})[keyof typeof ${name}];`);
}
